/** Replayed searches in one table: evaluations to the top as geometric means over tables, and ratios to random draws. */
import type { ReplayLine } from './replay.ts';
import { mean, resampledInterval } from './resample.ts';
import { alignedTable } from './text.ts';

type Interval = readonly [number, number];

export interface SearchRow {
  readonly strategy: string;
  readonly prior: string;
  /** Geometric mean over tables of the median over seeds; a search that never got there counts as the limit. */
  readonly toTop01: number;
  readonly toTop1: number;
  /** Against the exact median of random draws, with the 95 % interval over seeds; above 1 is better. */
  readonly gain01: number;
  readonly gain01Interval: Interval;
  readonly gain1: number;
  readonly gain1Interval: Interval;
  /** The table on which the top 1 % took longest against random: its ratio, above 1 is worse. */
  readonly worst1: number;
  readonly testAt10: number | null;
  readonly testAt60: number | null;
  readonly testAt100: number | null;
  /** Share of the searches called better than random designs after 60 evaluations. */
  readonly better: number;
  readonly slowestAskMs: number;
}

/** Median evaluations of random draws to the two bars of each table, by its name. */
export type RandomMedians = ReadonlyMap<string, { readonly toTop01: number; readonly toTop1: number }>;

type Bar = 'toTop01' | 'toTop1';

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
const meanOrNull = (values: readonly number[]): number | null => (values.length > 0 ? mean(values) : null);
const geometric = (values: readonly number[]): number => Math.exp(mean(values.map(Math.log)));

/** 95 % of the gains that other seeds might have shown: seeds drawn anew within each table. */
function gainInterval(parts: readonly (readonly number[])[], base: readonly number[]): Interval {
  return resampledInterval(parts, (drawn) => geometric(drawn.map((part, i) => base[i]! / median(part))));
}

export function searchSummary(
  lines: readonly ReplayLine[],
  random: RandomMedians,
  limit: number,
): { rows: SearchRow[]; text: string } {
  const groups = Map.groupBy(lines, ({ strategy, prior }) => `${strategy}\t${prior}`);
  const rows = [...groups.values()].map((group): SearchRow => {
    const { strategy, prior } = group[0]!;
    const parts = [...Map.groupBy(group, ({ table }) => table).values()];
    const reached = (bar: Bar) => parts.map((part) => part.map((line) => line[bar] ?? limit));
    const base = (bar: Bar) => parts.map((part) => random.get(part[0]!.table)![bar]);
    const ratios = (bar: Bar) => reached(bar).map((part, i) => median(part) / base(bar)[i]!);
    const tests = (key: 'testAt10' | 'testAt60' | 'testAt100') =>
      meanOrNull(parts.flatMap((part) => meanOrNull(part.flatMap((line) => line[key] ?? [])) ?? []));
    return {
      strategy,
      prior,
      toTop01: geometric(reached('toTop01').map(median)),
      toTop1: geometric(reached('toTop1').map(median)),
      gain01: 1 / geometric(ratios('toTop01')),
      gain01Interval: gainInterval(reached('toTop01'), base('toTop01')),
      gain1: 1 / geometric(ratios('toTop1')),
      gain1Interval: gainInterval(reached('toTop1'), base('toTop1')),
      worst1: Math.max(...ratios('toTop1')),
      testAt10: tests('testAt10'),
      testAt60: tests('testAt60'),
      testAt100: tests('testAt100'),
      better: mean(group.map(({ verdict }) => (verdict === 'better' ? 1 : 0))),
      slowestAskMs: Math.max(...group.map((line) => line.slowestAskMs)),
    };
  });
  return { rows, text: textOf(rows) };
}

function textOf(rows: readonly SearchRow[]): string {
  const number = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  const interval = ([low, high]: Interval) => `${low.toFixed(1)}-${high.toFixed(1)}`;
  const cells = [
    ['strategy', 'bank', 'to 0.1 %', 'to 1 %', 'x random', '95 %', 'x random', '95 %', 'worst 1 %'].concat([
      'test@10',
      '@60',
      '@100',
      'better',
      'ask ms',
    ]),
    ...rows.map((r) => [
      r.strategy,
      r.prior,
      number(r.toTop01, 1),
      number(r.toTop1, 1),
      number(r.gain01, 2),
      interval(r.gain01Interval),
      number(r.gain1, 2),
      interval(r.gain1Interval),
      number(r.worst1, 2),
      number(r.testAt10, 4),
      number(r.testAt60, 4),
      number(r.testAt100, 4),
      number(r.better, 2),
      number(r.slowestAskMs, 0),
    ]),
  ];
  return alignedTable(cells, 'end');
}
