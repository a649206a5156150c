/** Replayed searches in one table: evaluations to the top as geometric means over tables, and ratios to random. */
import type { ReplayLine } from './replay.ts';

export interface SearchRow {
  readonly strategy: string;
  readonly prior: string;
  /** Geometric mean over tables of the median over seeds; a search that never got there counts as the limit. */
  readonly toTop01: number;
  readonly toTop1: number;
  /** Against random draws; above 1 is better. */
  readonly gain01: number | null;
  readonly gain1: number | null;
  /** The table on which the top 1 % took longest against random: its ratio, above 1 is worse. */
  readonly worst1: number | null;
  readonly testAt10: number | null;
  readonly testAt60: number | null;
  readonly testAt100: number | null;
  readonly slowestAskMs: number;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
const meanOrNull = (values: readonly number[]): number | null => (values.length > 0 ? mean(values) : null);
const geometric = (values: readonly number[]): number => Math.exp(mean(values.map(Math.log)));

export function searchSummary(lines: readonly ReplayLine[], limit: number): { rows: SearchRow[]; text: string } {
  const tables = [...new Set(lines.map(({ table }) => table))];
  const of = (strategy: string, prior: string, table: string) =>
    lines.filter((line) => line.strategy === strategy && line.prior === prior && line.table === table);
  const evaluations = (part: readonly ReplayLine[], key: 'toTop01' | 'toTop1') =>
    median(part.map((line) => line[key] ?? limit));
  const names = [...new Set(lines.map(({ strategy, prior }) => `${strategy}\t${prior}`))].map((n) => n.split('\t'));
  const rows = names.map(([strategy = '', prior = '']): SearchRow => {
    const parts = tables.map((table) => of(strategy, prior, table)).filter((part) => part.length > 0);
    const base = parts.map((part) => of('random', 'off', part[0]!.table));
    const known = base.every((part) => part.length > 0);
    const ratios = (key: 'toTop01' | 'toTop1') =>
      parts.map((part, i) => evaluations(part, key) / evaluations(base[i]!, key));
    const tests = (key: 'testAt10' | 'testAt60' | 'testAt100') =>
      meanOrNull(parts.flatMap((part) => meanOrNull(part.flatMap((line) => line[key] ?? [])) ?? []));
    return {
      strategy,
      prior,
      toTop01: geometric(parts.map((part) => evaluations(part, 'toTop01'))),
      toTop1: geometric(parts.map((part) => evaluations(part, 'toTop1'))),
      gain01: known ? 1 / geometric(ratios('toTop01')) : null,
      gain1: known ? 1 / geometric(ratios('toTop1')) : null,
      worst1: known ? Math.max(...ratios('toTop1')) : null,
      testAt10: tests('testAt10'),
      testAt60: tests('testAt60'),
      testAt100: tests('testAt100'),
      slowestAskMs: Math.max(...parts.flat().map((line) => line.slowestAskMs)),
    };
  });
  return { rows, text: textOf(rows) };
}

function textOf(rows: readonly SearchRow[]): string {
  const number = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  const cells = [
    ['strategy', 'bank', 'to 0.1 %', 'to 1 %', 'x random', 'x random', 'worst 1 %', 'test@10', '@60', '@100', 'ask ms'],
    ...rows.map((r) => [
      r.strategy,
      r.prior,
      number(r.toTop01, 1),
      number(r.toTop1, 1),
      number(r.gain01, 2),
      number(r.gain1, 2),
      number(r.worst1, 2),
      number(r.testAt10, 4),
      number(r.testAt60, 4),
      number(r.testAt100, 4),
      number(r.slowestAskMs, 0),
    ]),
  ];
  const widths = cells[0]!.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  return cells.map((row) => row.map((cell, c) => cell.padStart(widths[c]!)).join('  ')).join('\n');
}
