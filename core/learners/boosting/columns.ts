/** Which columns the trees of a fold read, and how categories become columns without leaking targets. */
import type { Features, Target } from '../../contracts/learner.ts';
import { Random } from '../../math/random.ts';
import { textSlots } from './text-scores.ts';

/** One feature of the trees. */
export type ModelColumn =
  | { readonly kind: 'numeric'; readonly index: number }
  /** The codes of a categorical column, tested one against the rest. */
  | { readonly kind: 'code'; readonly index: number }
  /** A statistic of a categorical column: column `slot` of its table. */
  | { readonly kind: 'statistic'; readonly index: number; readonly slot: number }
  /** A score of a text column: column `slot` of its table of terms. */
  | { readonly kind: 'text'; readonly index: number; readonly slot: number }
  | PairColumn;

/** Two numeric columns joined by an operator of ONNX. */
export interface PairColumn {
  readonly kind: 'pair';
  readonly op: 'Sub' | 'Mul' | 'Div';
  readonly a: number;
  readonly b: number;
}

/** Tables of one fold: per categorical column with statistics, `slots` float32 numbers per code. */
export interface StatisticTable {
  readonly slots: number;
  readonly values: Float32Array;
}

/** More classes than this get statistics of the most frequent ones only. */
const MOST_CLASSES = 8;

/** Codes beyond this cannot be tested one against the rest: bins are bytes. */
const MOST_CODES = 255;

/** A value per row that is averaged per category, and its mean over all rows, which small categories lean to. */
interface Averaged {
  readonly values: Float32Array;
  readonly mean: number;
}

/** How many rows of the mean each average is mixed with: a nervous one and a calm one. */
const STRENGTHS = [1, 10];

/** Whether a column of so many codes (two of them missing and unseen) is small enough for one-against-rest tests. */
export function isSmall(cardinality: number, oneHotLimit: number): boolean {
  return cardinality - 2 <= oneHotLimit && cardinality <= MOST_CODES;
}

/** The columns of a fold, numeric ones first. */
export function chooseColumns(
  features: Pick<Features, 'numericNames' | 'cardinalities' | 'texts'>,
  target: Pick<Target, 'problem' | 'classes'>,
  oneHotLimit: number,
): ModelColumn[] {
  const columns: ModelColumn[] = features.numericNames.map((_, index) => ({ kind: 'numeric', index }));
  const slots = statisticSlots(target);
  features.cardinalities.forEach((cardinality, index) => {
    if (isSmall(cardinality, oneHotLimit)) columns.push({ kind: 'code', index });
    else for (let slot = 0; slot < slots; slot++) columns.push({ kind: 'statistic', index, slot });
  });
  features.texts?.forEach((_, index) => {
    for (let slot = 0; slot < textSlots(target); slot++) columns.push({ kind: 'text', index, slot });
  });
  return columns;
}

/** Statistics per category: averages with each strength (per class beyond two classes) and the count. */
function statisticSlots({ problem, classes }: Pick<Target, 'problem' | 'classes'>): number {
  return (problem === 'multiclass' ? Math.min(classes, MOST_CLASSES) : 1) * STRENGTHS.length + 1;
}

function averagedTargets(target: Target, rows: Int32Array): Averaged[] {
  const values = Float32Array.from(rows, (row) => target.values[row]!);
  if (target.problem !== 'multiclass') return [{ values, mean: values.reduce((a, b) => a + b, 0) / values.length }];
  const counts = new Float64Array(target.classes);
  for (const label of values) counts[label]!++;
  const frequent = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  return frequent.slice(0, MOST_CLASSES).map((k) => ({
    values: values.map((label) => (label === k ? 1 : 0)),
    mean: counts[k]! / rows.length,
  }));
}

/**
 * Statistics for rows outside the training part: averages over all training rows.
 * Code 1 (unseen) has the training rows of rare categories; a code without rows gets the mean.
 */
export function statisticTable(
  features: Features,
  index: number,
  target: Target,
  trainRows: Int32Array,
): StatisticTable {
  const cardinality = features.cardinalities[index]!;
  const slots = statisticSlots(target);
  const values = new Float32Array(cardinality * slots);
  const codes = codesOf(features, index, trainRows);
  const counts = new Float64Array(cardinality);
  for (const code of codes) counts[code]!++;
  let slot = 0;
  for (const averaged of averagedTargets(target, trainRows)) {
    const sums = new Float64Array(cardinality);
    for (let i = 0; i < codes.length; i++) sums[codes[i]!]! += averaged.values[i]!;
    for (const strength of STRENGTHS) {
      for (let code = 0; code < cardinality; code++) {
        values[code * slots + slot] = (sums[code]! + strength * averaged.mean) / (counts[code]! + strength);
      }
      slot++;
    }
  }
  for (let code = 0; code < cardinality; code++) values[code * slots + slot] = counts[code]!;
  return { slots, values };
}

/**
 * Statistics of the training rows, each from other rows only, so that no row's target reaches its own features.
 * Classes: ordered statistics (Prokhorenkova and others 2018), from the rows before it in a random permutation.
 * Regression: from the four other fifths of the rows, which measured better there (less noise in the early rows).
 * Counts carry no target and use all rows.
 * @returns one column per slot, aligned with `trainRows`
 */
export function trainingStatistics(
  features: Features,
  index: number,
  target: Target,
  trainRows: Int32Array,
  seed: number,
): Float32Array[] {
  const cardinality = features.cardinalities[index]!;
  const n = trainRows.length;
  const codes = codesOf(features, index, trainRows);
  const permutation = new Random(seed).shuffle(Int32Array.from({ length: n }, (_, i) => i));
  const average = target.problem === 'regression' ? averageOtherFifths : averageEarlierRows;
  const columns = averagedTargets(target, trainRows).flatMap((averaged) => {
    const own = STRENGTHS.map(() => new Float32Array(n));
    average(codes, cardinality, averaged, permutation, own);
    return own;
  });
  const counts = new Float64Array(cardinality);
  for (const code of codes) counts[code]!++;
  columns.push(Float32Array.from(codes, (code) => counts[code]!));
  return columns;
}

function averageEarlierRows(
  codes: Int32Array,
  cardinality: number,
  { values, mean }: Averaged,
  permutation: Int32Array,
  own: readonly Float32Array[],
): void {
  const sums = new Float64Array(cardinality);
  const counts = new Float64Array(cardinality);
  for (const i of permutation) {
    const code = codes[i]!;
    STRENGTHS.forEach((strength, p) => {
      own[p]![i] = (sums[code]! + strength * mean) / (counts[code]! + strength);
    });
    sums[code]! += values[i]!;
    counts[code]!++;
  }
}

function averageOtherFifths(
  codes: Int32Array,
  cardinality: number,
  { values, mean }: Averaged,
  permutation: Int32Array,
  own: readonly Float32Array[],
): void {
  const parts = 5;
  const sums = new Float64Array(cardinality * (parts + 1));
  const counts = new Float64Array(cardinality * (parts + 1));
  permutation.forEach((i, at) => {
    // Part 0 holds all rows, parts 1 to 5 the fifths.
    for (const part of [0, 1 + (at % parts)]) {
      sums[part * cardinality + codes[i]!]! += values[i]!;
      counts[part * cardinality + codes[i]!]!++;
    }
  });
  permutation.forEach((i, at) => {
    const code = codes[i]!;
    const fifth = (1 + (at % parts)) * cardinality + code;
    STRENGTHS.forEach((strength, p) => {
      own[p]![i] = (sums[code]! - sums[fifth]! + strength * mean) / (counts[code]! - counts[fifth]! + strength);
    });
  });
}

/** Codes of one categorical column at the given rows. */
export function codesOf(features: Pick<Features, 'rows' | 'codes'>, index: number, rows: Int32Array): Int32Array {
  const column = features.codes.subarray(index * features.rows, (index + 1) * features.rows);
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = column[rows[i]!]!;
  return codes;
}

/** Values of one numeric column at the given rows. */
export function numbersOf(features: Pick<Features, 'rows' | 'numeric'>, index: number, rows: Int32Array): Float32Array {
  const column = features.numeric.subarray(index * features.rows, (index + 1) * features.rows);
  const values = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]!]!;
  return values;
}
