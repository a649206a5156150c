/** Single columns that know the target: one that says nearly all by itself, or an identifier whose order does. */
import type { Features } from '../contracts/learner.ts';
import type { ColumnLeak, OrderLeak } from '../contracts/splits.ts';
import { findColumn, numberColumn, type TableColumn } from '../prep/table.ts';
import { type Link, targetLinks } from '../tasks/association.ts';
import type { Fold } from '../tasks/folds.ts';
import type { CompareOptions } from './compare.ts';
import { probeFolds } from './probe.ts';
import { inRandomOrder, type ProbeTask, readFeatures } from './probe-task.ts';
import { gapBetween, scoreOf } from './score.ts';

/** Share of what all columns say, from nothing to all, that one must say alone, and how much all must say at least. */
const NEARLY = 0.95;
const WORTH_KNOWING = 0.6;
/** With fewer columns one of them is bound to say most. */
const LEAST_COLUMNS = 4;
const MOST_LEAKS = 2;
/** An order that says less than this is not worth a word. */
const LEAST_ORDER = 0.2;

/** What the probe made of all columns. */
export interface Baseline {
  readonly features: Features;
  readonly folds: readonly Fold[];
  readonly predictions: Float32Array;
}

/**
 * Columns that are suspected, each with what the probe reaches without it.
 * @param spared columns that are spoken of otherwise
 */
export async function findLeaks(
  task: ProbeTask,
  { folds, predictions }: Baseline,
  spared: ReadonlySet<string>,
  { seed, rest }: Pick<CompareOptions, 'seed' | 'rest'>,
): Promise<ColumnLeak[]> {
  const { target, metric, table } = task;
  const regression = target.problem === 'regression';
  const judged = Int32Array.from(task.rows.keys());
  const linkMetric = regression ? 'r2' : 'roc_auc';
  const whole = scoreOf({ target, metric: linkMetric, folds, predictions }, judged)();
  const skill = (score: number) => (regression ? score : 2 * score - 1);
  const links = columnLinks(task, seed).filter((link) => !spared.has(link.column));
  const nearly = (link: Link) =>
    links.length >= LEAST_COLUMNS && skill(whole) >= WORTH_KNOWING && skill(link.score) >= NEARLY * skill(whole);
  const found = links
    .filter((link) => link.suspect || nearly(link))
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_LEAKS);
  const leaks: ColumnLeak[] = [];
  for (const { column, score, suspect } of found) {
    const features = readFeatures(task, new Set([column]));
    if (!features) continue;
    const others = await probeFolds(features, target, folds, seed, rest);
    const [all, left] = [predictions, others].map((made) =>
      scoreOf({ target, metric, folds, predictions: made }, judged),
    );
    const loss = gapBetween(all!, left!, table.rows, seed);
    leaks.push({ column, alone: score, whole, without: left!(), loss, suspect });
  }
  return leaks;
}

function columnLinks({ table, columns, targetColumn, target }: ProbeTask, seed: number): Link[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const sample = {
    table: inRandomOrder(table, seed),
    types: table.columns.map((column) => types.get(column.name) ?? (column === targetColumn ? 'category' : 'ignore')),
  };
  return targetLinks(sample, targetColumn.name, target.problem === 'regression' ? 'regression' : 'classification');
}

/**
 * Identifiers, and the rows themselves, whose order goes with the target: rows were collected class by class, numbered
 * after the outcome was known, or drift with time.
 */
export function findOrders(task: ProbeTask, seed: number): OrderLeak[] {
  const orders = task.identifiers.flatMap((name) => {
    const column = findColumn(task.table, name);
    return column ? [{ column: name, order: orderOf(column) }] : [];
  });
  const all = [...orders, { column: null, order: Float64Array.from(task.rows) }];
  return all.flatMap(({ column, order }): OrderLeak[] => {
    const columns = [numberColumn('order', Array.from(order)), { ...task.targetColumn, name: 'target' }];
    const sample = {
      table: inRandomOrder({ rows: task.table.rows, columns }, seed),
      types: ['number', 'category'] as const,
    };
    const kind = task.target.problem === 'regression' ? 'regression' : 'classification';
    const [link] = targetLinks(sample, 'target', kind);
    return link && link.strength >= Math.max(LEAST_ORDER, chanceOf(task)) ? [{ column, score: link.score }] : [];
  });
}

/** What an order says by chance once in a million tables, from the variance of the AUC (Hanley and McNeil 1982). */
function chanceOf({ target, strata }: ProbeTask): number {
  const rows = strata.length;
  if (target.problem === 'regression') return 6 / Math.sqrt(rows);
  const counts = new Float64Array(target.classes);
  for (const value of target.values) counts[value]!++;
  const least = Math.max(1, Math.min(...counts.filter((count) => count > 0)));
  return 5 * 2 * Math.sqrt((rows + 1) / (12 * least * Math.max(1, rows - least)));
}

/** Numbers as they are; strings by the last number in them (`A-0012`) where all have one, else by the alphabet. */
function orderOf(column: TableColumn): Float64Array {
  if (column.kind === 'number') return column.values;
  const numbers = column.dictionary.map((text) => /(\d+)\D*$/.exec(text)?.[1]);
  const numbered = numbers.every((digits) => digits !== undefined && digits.length <= 15);
  const sorted = [...column.dictionary].sort();
  const place = new Map(sorted.map((text, i) => [text, i]));
  const values = column.dictionary.map((text, i) => (numbered ? Number(numbers[i]) : place.get(text)!));
  return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : values[code]!));
}
