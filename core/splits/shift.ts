/**
 * Whether two sets of rows come from one source: a classifier two-sample test (Lopez-Paz and Oquab 2017), whose classifier
 * is the probe, and the columns by which they can be told apart.
 */
import type { ColumnProfile } from '../contracts/dataset.ts';
import type { Target } from '../contracts/learner.ts';
import type { Shift } from '../contracts/splits.ts';
import { asStrings, findColumn, stringColumn, type Table, type TableColumn } from '../prep/table.ts';
import { targetLinks } from '../tasks/association.ts';
import { dealFolds } from '../tasks/folds.ts';
import { timesOf } from '../tasks/times.ts';
import { type CompareOptions, FOLDS } from './compare.ts';
import { probeFolds } from './probe.ts';
import { inRandomOrder, readFeatures } from './probe-task.ts';
import { scoreOf, scoreWithInterval } from './score.ts';

/** Columns that tell less are not listed, nor more than so many. */
const LEAST_TELLING = 0.55;
const MOST_LISTED = 6;
/** No header of a file. */
const originName = '\u0000origin';

export interface TwoSamples {
  readonly table: Table;
  readonly columns: readonly ColumnProfile[];
  /** 0 or 1 for each row of the table. */
  readonly origin: Int32Array;
  /** Columns that tell by their nature, such as the time that the rows were parted by. */
  readonly without: ReadonlySet<string>;
  /** Columns that the probe does not read but that are listed all the same. */
  readonly listed?: readonly ColumnProfile[];
}

/** @returns null where there is nothing to tell by */
export async function tellApart(
  { table, columns, origin, without, listed = [] }: TwoSamples,
  { seed, rest }: Pick<CompareOptions, 'seed' | 'rest'>,
): Promise<Shift | null> {
  const features = readFeatures({ table, columns }, without);
  if (!features) return null;
  const target: Target = { problem: 'binary', classes: 2, values: Float32Array.from(origin) };
  const folds = dealFolds({ strata: origin, seed }, FOLDS);
  const predictions = await probeFolds(features, target, folds, seed, rest);
  const evaluate = scoreOf({ target, metric: 'roc_auc', folds, predictions }, Int32Array.from(origin.keys()));
  const named = new Map([...columns, ...listed].map((column) => [column.name, column]));
  // Dates as moments: day by day, chance would make some tell.
  const shown = table.columns
    .filter(({ name }) => named.has(name) && !without.has(name))
    .map((column) => (named.get(column.name)!.type === 'date' ? momentsOf(table, column.name) : column));
  const mark = stringColumn(
    originName,
    Array.from(origin, (one) => String(one)),
  );
  const sample = {
    table: inRandomOrder({ rows: table.rows, columns: [...shown, mark] }, seed),
    types: [...shown.map(({ name }) => named.get(name)!.type), 'category' as const],
  };
  const telling = targetLinks(sample, originName, 'classification')
    .filter(({ score }) => score >= LEAST_TELLING)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_LISTED)
    .map(({ column, score }) => ({ column, auc: score }));
  return { ...scoreWithInterval(evaluate, table.rows, seed), columns: telling };
}

const momentsOf = (table: Table, name: string): TableColumn => ({ kind: 'number', name, values: timesOf(table, name) });

/** Rows of `a`, then of `b`; only columns that both have. */
export function stackTables(a: Table, b: Table): Table {
  const columns = a.columns.flatMap((column): TableColumn[] => {
    const other = findColumn(b, column.name);
    if (!other) return [];
    if (column.kind === 'number' && other.kind === 'number')
      return [{ kind: 'number', name: column.name, values: Float64Array.from([...column.values, ...other.values]) }];
    const cells = [column, other].flatMap((one) => {
      const { codes, dictionary } = asStrings(one);
      return Array.from(codes, (code) => (code < 0 ? null : dictionary[code]!));
    });
    return [stringColumn(column.name, cells)];
  });
  return { rows: a.rows + b.rows, columns };
}
