/**
 * Rows reduced by an index that is known when the graph is built, without scattering: lists of equal length side by side.
 * Any number of threads, and any provider, adds up in the same order.
 */
import { sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';

/** Lists of as many entries as a power of two, the rest filled up. */
interface Bucket {
  readonly width: number;
  /** The rows that have these lists. */
  readonly rows: readonly number[];
  /** [rows, width] positions in the list of entries, -1 where filled up. */
  readonly entries: readonly number[];
}

/** The entries of each of `rows` rows, in their order. */
export function listsOf(index: ArrayLike<number>, rows: number): number[][] {
  const lists = Array.from({ length: rows }, (): number[] => []);
  for (let entry = 0; entry < index.length; entry++) lists[index[entry]!]!.push(entry);
  return lists;
}

function bucketsOf(lists: readonly (readonly number[])[]): Bucket[] {
  const byWidth = new Map<number, number[]>();
  lists.forEach((list, row) => {
    const width = 2 ** Math.ceil(Math.log2(Math.max(1, list.length)));
    const rows = byWidth.get(width) ?? [];
    rows.push(row);
    byWidth.set(width, rows);
  });
  return [...byWidth].map(([width, rows]) => ({
    width,
    rows,
    entries: rows.flatMap((row) => Array.from({ length: width }, (_, i) => lists[row]![i] ?? -1)),
  }));
}

/** Puts what was reduced bucket by bucket, [K, rows, D] in all, in the order of the rows. */
function inOrder(e: Emitter, parts: readonly string[], buckets: readonly Bucket[]): string {
  const order: number[] = [];
  buckets
    .flatMap((b) => b.rows)
    .forEach((row, at) => {
      order[row] = at;
    });
  const joined = parts.length === 1 ? parts[0]! : e.op('Concat', parts, { axis: 1 });
  return e.op('Gather', [joined, e.graph.int64(order)], { axis: 1 });
}

/**
 * Sums of rows of `table` [K, R, D], [K, lists, D]: entry i of the lists adds row `rowOf(i)` times `weightOf(i)`; a list
 * may be empty.
 */
export function sumLists(
  e: Emitter,
  table: Emitted,
  lists: readonly (readonly number[])[],
  rowOf: (entry: number) => number,
  weightOf: (entry: number) => number = () => 1,
): string {
  const [members, , width] = sizes(table.shape) as [number, number, number];
  const buckets = bucketsOf(lists);
  const parts = buckets.map((b) => {
    const taken = b.entries.map((entry) => (entry < 0 ? 0 : rowOf(entry)));
    const rows = e.op('Gather', [table.name, e.graph.int64(taken, [b.rows.length, b.width])], { axis: 1 });
    const weights = b.entries.map((entry) => (entry < 0 ? 0 : weightOf(entry)));
    const product = e.op('MatMul', [e.constant(weights, [b.rows.length, 1, b.width]), rows]);
    return e.reshape(product, [members, b.rows.length, width]);
  });
  return inOrder(e, parts, buckets);
}

/** Maxima of rows of `table` [K, R, D] over the lists of their positions; `initial` where a list is empty. */
export function maxLists(e: Emitter, table: Emitted, lists: readonly (readonly number[])[], initial: number): string {
  const [members, , width] = sizes(table.shape) as [number, number, number];
  const buckets = bucketsOf(lists);
  const parts = buckets.map((b) => {
    const places = b.entries.map((entry, i) => (entry < 0 ? b.entries[i - (i % b.width)]! : entry));
    const rows = e.op(
      'Gather',
      [
        table.name,
        e.graph.int64(
          places.map((p) => Math.max(p, 0)),
          [b.rows.length, b.width],
        ),
      ],
      {
        axis: 1,
      },
    );
    const largest = e.reshape(e.op('ReduceMax', [rows, e.graph.int64([2])]), [members, b.rows.length, width]);
    if (places.every((p) => p >= 0)) return largest;
    const filled = b.rows.map((_, i) => (places[i * b.width]! < 0 ? 0 : 1));
    const kept = e.mul(largest, e.constant(filled, [b.rows.length, 1]));
    const rest = filled.map((f) => (f === 0 ? initial : 0));
    return e.add(kept, e.constant(rest, [b.rows.length, 1]));
  });
  return inOrder(e, parts, buckets);
}

/** With more, rounds would be a chain of too many nodes. */
const MOST_ROUNDS = 256;

/**
 * Rows of `updates` [R, D] added up in [rows, D] as ScatterND adds them on one thread, to the same bits, on any number:
 * round i scatters the i-th entry of every list, so that no two threads meet. Null where lists are too long.
 */
export function sumInRounds(
  e: Emitter,
  updates: string,
  lists: readonly (readonly number[])[],
  width: number,
): string | null {
  const rounds = lists.reduce((most, list) => Math.max(most, list.length), 0);
  if (rounds > MOST_ROUNDS) return null;
  const rows = Array.from(lists.keys());
  let sum = e.constant(new Float32Array(lists.length * width), [lists.length, width]);
  for (let round = 0; round < rounds; round++) {
    const reached = rows.filter((row) => lists[row]!.length > round);
    const entries = e.graph.int64(reached.map((row) => lists[row]![round]!));
    const taken = e.op('Gather', [updates, entries], { axis: 0 });
    sum = e.op('ScatterND', [sum, e.graph.int64(reached, [reached.length, 1]), taken], { reduction: 'add' });
  }
  return sum;
}
