/** Which columns the trees of a fold read, and how categories become columns without leaking targets. */
import type { Features, Target } from '../../contracts/learner.ts';
import { Random } from '../../math/random.ts';

/** One feature of the trees. */
export type ModelColumn =
  | { readonly kind: 'numeric'; readonly index: number }
  /** The codes of a categorical column, tested one against the rest. */
  | { readonly kind: 'code'; readonly index: number }
  /** A statistic of a categorical column: column `slot` of its table. */
  | { readonly kind: 'statistic'; readonly index: number; readonly slot: number };

/** Tables of one fold: per categorical column with statistics, `slots` float32 numbers per code. */
export interface StatisticTable {
  readonly slots: number;
  readonly values: Float32Array;
}

/** More classes than this get statistics of the most frequent ones only. */
const MOST_CLASSES = 8;

/** Codes beyond this cannot be tested one against the rest: bins are bytes. */
const MOST_CODES = 255;

/** What is averaged per category: for each statistic a value per row, with the priors it is smoothed towards. */
interface Averaged {
  readonly values: Float32Array;
  readonly priors: readonly number[];
}

/** Whether a column of so many codes (two of them missing and unseen) is small enough for one-against-rest tests. */
export function isSmall(cardinality: number, oneHotLimit: number): boolean {
  return cardinality - 2 <= oneHotLimit && cardinality <= MOST_CODES;
}

/** The columns of a fold, numeric ones first. */
export function chooseColumns(
  features: Pick<Features, 'numericNames' | 'cardinalities'>,
  target: Pick<Target, 'problem' | 'classes'>,
  oneHotLimit: number,
): ModelColumn[] {
  const columns: ModelColumn[] = features.numericNames.map((_, index) => ({ kind: 'numeric', index }));
  const slots = statisticSlots(target);
  features.cardinalities.forEach((cardinality, index) => {
    if (isSmall(cardinality, oneHotLimit)) columns.push({ kind: 'code', index });
    else for (let slot = 0; slot < slots; slot++) columns.push({ kind: 'statistic', index, slot });
  });
  return columns;
}

/** Statistics per category: averages with several priors (one per class beyond two classes) and the count. */
function statisticSlots({ problem, classes }: Pick<Target, 'problem' | 'classes'>): number {
  return problem === 'multiclass' ? Math.min(classes, MOST_CLASSES) + 1 : 4;
}

function averagedTargets(target: Target, rows: Int32Array): Averaged[] {
  const values = Float32Array.from(rows, (row) => target.values[row]!);
  // Standardised targets: one deviation to either side plays the part of 0 and 1.
  if (target.problem === 'regression') return [{ values, priors: [-1, 0, 1] }];
  if (target.problem === 'binary') return [{ values, priors: [0, 0.5, 1] }];
  const counts = new Float64Array(target.classes);
  for (const label of values) counts[label]!++;
  const frequent = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  return frequent.slice(0, Math.min(target.classes, MOST_CLASSES)).map((k) => ({
    values: values.map((label) => (label === k ? 1 : 0)),
    priors: [counts[k]! / rows.length],
  }));
}

/**
 * Statistics for rows outside the training part: averages over all training rows.
 * Code 1 (unseen) has the training rows of rare categories; a code without rows gets the priors.
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
    for (const prior of averaged.priors) {
      for (let code = 0; code < cardinality; code++) {
        values[code * slots + slot] = (sums[code]! + prior) / (counts[code]! + 1);
      }
      slot++;
    }
  }
  for (let code = 0; code < cardinality; code++) values[code * slots + slot] = counts[code]!;
  return { slots, values };
}

/**
 * Ordered statistics of the training rows (Prokhorenkova and others 2018): each row sees only the rows before it in
 * a random permutation, so its own target never reaches its features. Counts carry no target and use all rows.
 * @returns one column per slot, aligned with `trainRows`
 */
export function orderedStatistics(
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
  const columns: Float32Array[] = [];
  const counts = new Float64Array(cardinality);
  for (const averaged of averagedTargets(target, trainRows)) {
    const sums = new Float64Array(cardinality);
    counts.fill(0);
    const own = averaged.priors.map(() => new Float32Array(n));
    for (const i of permutation) {
      const code = codes[i]!;
      for (let p = 0; p < own.length; p++) own[p]![i] = (sums[code]! + averaged.priors[p]!) / (counts[code]! + 1);
      sums[code]! += averaged.values[i]!;
      counts[code]!++;
    }
    columns.push(...own);
  }
  columns.push(Float32Array.from(codes, (code) => counts[code]!));
  return columns;
}

/** Codes of one categorical column at the given rows. */
export function codesOf(features: Pick<Features, 'rows' | 'codes'>, index: number, rows: Int32Array): Int32Array {
  const from = index * features.rows;
  return Int32Array.from(rows, (row) => features.codes[from + row]!);
}

/** Values of one numeric column at the given rows. */
export function numbersOf(features: Pick<Features, 'rows' | 'numeric'>, index: number, rows: Int32Array): Float32Array {
  const from = index * features.rows;
  return Float32Array.from(rows, (row) => features.numeric[from + row]!);
}
