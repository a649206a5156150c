/**
 * Products with a matrix that stays the same over all steps, such as the features of a graph's nodes: where few numbers
 * are not 0, the rows that count are gathered; else its transpose, which the gradient reads, is made once a call.
 */
import { sizes } from '../ir/shape.ts';
import { listsOf, sumLists } from './buckets.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';

/** Filled more than this, the product is faster (measured between 2 % and 4 %). */
const SPARSE = 0.03;

interface Sparse {
  readonly rows: number;
  readonly columns: number;
  readonly rowOf: readonly number[];
  readonly columnOf: readonly number[];
  readonly values: readonly number[];
}

/** The numbers that are not 0 of a matrix [1, rows, columns] or [rows, columns] known when the graph is built, if few. */
function sparseOf(e: Emitter, a: Emitted, live: ReadonlySet<number> | null): Sparse | null {
  const data = e.known(a.name);
  const lead = a.shape.slice(0, -2);
  if (data === null || lead.length > 1 || lead.some((d) => d !== 1)) return null;
  const [rows, columns] = sizes(a.shape.slice(-2)) as [number, number];
  const at: number[] = [];
  for (let i = 0; i < data.length; i++) if (Number(data[i]) !== 0) at.push(i);
  if (at.length > SPARSE * data.length) return null;
  const counted = live ? at.filter((i) => live.has(Math.floor(i / columns))) : at;
  return {
    rows,
    columns,
    rowOf: counted.map((i) => Math.floor(i / columns)),
    columnOf: counted.map((i) => i % columns),
    values: counted.map((i) => Number(data[i])),
  };
}

/**
 * a·b, or with `transposed` aᵀ·b, for a sparse constant a and b [rows, F] or [K, rows, F]; null where a is not one. Rows of
 * a that are not `live` do not count.
 */
export function sparseProduct(
  e: Emitter,
  a: Emitted,
  b: Emitted,
  transposed: boolean,
  live: readonly number[] | null = null,
): string | null {
  if (b.shape.length > 3 || b.shape.length < 2) return null;
  const sparse = sparseOf(e, a, live && new Set(live));
  if (!sparse) return null;
  const { rows, columns, rowOf, columnOf, values } = sparse;
  const [inner, width] = b.shape.slice(-2);
  const lead = b.shape.length === 3 ? b.shape[0]! : 1;
  const table = { name: e.reshape(b.name, [lead, inner!, width!]), shape: [lead, inner!, width!] };
  const lists = transposed ? listsOf(columnOf, columns) : listsOf(rowOf, rows);
  const from = transposed ? rowOf : columnOf;
  return sumLists(
    e,
    table,
    lists,
    (entry) => from[entry]!,
    (entry) => values[entry]!,
  );
}
