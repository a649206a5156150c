/**
 * How much each column alone says about a target: a cross-fitted predictor of one column, scored on the half of the rows
 * that it was not made from, so that identifiers and rare categories score nothing.
 */
import type { TaskKind } from '../contracts/task.ts';
import { asStrings, type TableColumn } from '../prep/table.ts';
import type { TableSample } from './sample.ts';

export interface Link {
  readonly column: string;
  /** 0: says nothing, 1: says all. 2 AUC - 1 (mean over classes against the rest), or the share of variance explained. */
  readonly strength: number;
  /** AUC (0.5 to 1) or the share of variance explained (0 to 1). */
  readonly score: number;
  /** A single column that predicts this well is suspected of knowing the answer. */
  readonly suspect: boolean;
}

/** Single-column scores from here on are suspicious (Driverless AI flags the same). */
export const suspectScore = 0.95;
/** With fewer rows a perfect score is no surprise. */
const suspectRows = 50;
const bins = 20;
const maxClasses = 20;
/** Weight of the overall mean in the mean of a bin. */
const prior = 2;

/** Links of all used columns but the target, in the table's order. Rows without a target are left out. */
export function targetLinks(sample: TableSample, target: string, kind: TaskKind): Link[] {
  const { table, types } = sample;
  const column = table.columns.find((c) => c.name === target);
  if (!column) return [];
  const outcomes = kind === 'regression' ? [numericOutcome(column)] : classOutcomes(column);
  return table.columns.flatMap((feature, i) => {
    if (feature === column || types[i] === 'ignore') return [];
    const groups = groupsOf(feature);
    const scores = outcomes.map((outcome) =>
      kind === 'regression' ? explained(groups, outcome) : areaUnderCurve(groups, outcome),
    );
    const usable = scores.filter(Number.isFinite);
    const mean = usable.length ? usable.reduce((a, b) => a + b, 0) / usable.length : Number.NaN;
    if (Number.isNaN(mean))
      return [{ column: feature.name, strength: 0, score: kind === 'regression' ? 0 : 0.5, suspect: false }];
    const strength = Math.min(1, Math.max(0, kind === 'regression' ? mean : 2 * mean - 1));
    return [
      { column: feature.name, strength, score: mean, suspect: mean >= suspectScore && table.rows >= suspectRows },
    ];
  });
}

interface Groups {
  readonly of: Int32Array;
  readonly count: number;
}

/** Quantile bins of numbers, values of categories; missing is a group of its own. */
function groupsOf(column: TableColumn): Groups {
  if (column.kind === 'string')
    return { of: Int32Array.from(column.codes, (code) => code + 1), count: column.dictionary.length + 1 };
  const present = column.values.filter((value) => !Number.isNaN(value)).sort();
  const edges: number[] = [];
  for (let b = 1; b < bins; b++) {
    const edge = present[Math.floor((b * present.length) / bins)];
    if (edge !== undefined && edge !== edges.at(-1)) edges.push(edge);
  }
  const of = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return 0;
    let bin = 0;
    while (bin < edges.length && value >= edges[bin]!) bin++;
    return bin + 1;
  });
  return { of, count: edges.length + 2 };
}

/** NaN where the target is missing. */
function numericOutcome(column: TableColumn): Float64Array {
  return column.kind === 'number' ? column.values : new Float64Array(column.codes.length).fill(Number.NaN);
}

/** One class against the rest, for the commonest classes; with two classes one is enough. */
function classOutcomes(column: TableColumn): Float64Array[] {
  const { codes, dictionary } = asStrings(column);
  const counts = new Float64Array(dictionary.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]!).slice(0, maxClasses);
  const chosen = order.length === 2 ? order.slice(1) : order;
  return chosen.map((wanted) => Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : code === wanted ? 1 : 0)));
}

interface Sums {
  /** Per half of the rows and group: how many rows, and the sum of the outcome. */
  readonly rows: [Float64Array, Float64Array];
  readonly sums: [Float64Array, Float64Array];
  readonly means: [number, number];
}

function sumUp(groups: Groups, outcome: Float64Array): Sums {
  const make = (): [Float64Array, Float64Array] => [new Float64Array(groups.count), new Float64Array(groups.count)];
  const rows = make();
  const sums = make();
  const totals = [0, 0, 0, 0];
  for (let i = 0; i < outcome.length; i++) {
    const y = outcome[i]!;
    if (Number.isNaN(y)) continue;
    const half = (i & 1) as 0 | 1;
    const g = groups.of[i]!;
    rows[half][g]!++;
    sums[half][g]! += y;
    totals[half]!++;
    totals[2 + half]! += y;
  }
  return { rows, sums, means: [totals[2]! / totals[0]!, totals[3]! / totals[1]!] };
}

/** What the other half of the rows says about a group. */
function predict({ rows, sums, means }: Sums, half: 0 | 1, group: number): number {
  const other = half === 0 ? 1 : 0;
  return (sums[other][group]! + prior * means[other]) / (rows[other][group]! + prior);
}

function areaUnderCurve(groups: Groups, outcome: Float64Array): number {
  const s = sumUp(groups, outcome);
  // One row or none in a half: there is nothing to check against.
  if (!s.means.every(Number.isFinite)) return Number.NaN;
  const cells: { p: number; positive: number; negative: number }[] = [];
  for (const half of [0, 1] as const)
    for (let g = 0; g < groups.count; g++) {
      const n = s.rows[half][g]!;
      if (n > 0) cells.push({ p: predict(s, half, g), positive: s.sums[half][g]!, negative: n - s.sums[half][g]! });
    }
  cells.sort((a, b) => a.p - b.p);
  let below = 0;
  let area = 0;
  let positives = 0;
  for (let i = 0; i < cells.length; ) {
    let positive = 0;
    let negative = 0;
    const { p } = cells[i]!;
    for (; i < cells.length && cells[i]!.p === p; i++) {
      positive += cells[i]!.positive;
      negative += cells[i]!.negative;
    }
    area += positive * (below + negative / 2);
    below += negative;
    positives += positive;
  }
  return area / (positives * below);
}

function explained(groups: Groups, outcome: Float64Array): number {
  const s = sumUp(groups, outcome);
  if (!s.means.every(Number.isFinite)) return Number.NaN;
  const mean = (s.means[0] + s.means[1]) / 2;
  let error = 0;
  let total = 0;
  for (let i = 0; i < outcome.length; i++) {
    const y = outcome[i]!;
    if (Number.isNaN(y)) continue;
    error += (y - predict(s, (i & 1) as 0 | 1, groups.of[i]!)) ** 2;
    total += (y - mean) ** 2;
  }
  return total > 0 ? 1 - error / total : Number.NaN;
}
