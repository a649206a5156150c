/**
 * How much each prepared column alone says about the target on some rows, as normal scores of chi-square statistics, so
 * that numbers and categories of any size compare. Cheap: one pass a column.
 */
import type { Features, Target } from '../contracts/learner.ts';

/** More rows hardly change the order. */
const MOST_ROWS = 4000;
/** More classes than this are looked at by the commonest and the others together. */
const MOST_CLASSES = 12;

/** Scores, higher for more: of numeric columns first, then of categorical ones. */
export function associations(features: Features, target: Target, rows: Int32Array): Float64Array {
  const step = Math.max(1, Math.ceil(rows.length / MOST_ROWS));
  const chosen = rows.filter((_, i) => i % step === 0);
  const outcome = target.problem === 'regression' ? numberOutcome(target, chosen) : classOutcome(target, chosen);
  const numeric = features.numericNames.length;
  const scores = new Float64Array(numeric + features.cardinalities.length);
  for (let j = 0; j < numeric; j++)
    scores[j] = numberScore(features.numeric.subarray(j * features.rows, (j + 1) * features.rows), chosen, outcome);
  features.cardinalities.forEach((cardinality, g) => {
    const codes = features.codes.subarray(g * features.rows, (g + 1) * features.rows);
    scores[numeric + g] = codeScore(codes, cardinality, chosen, outcome);
  });
  return scores;
}

interface Outcome {
  /** Row-major [rows, width], each column of mean 0 and deviation 1: the standardised number, or class indicators. */
  readonly values: Float64Array;
  readonly width: number;
}

function standardised(values: Float64Array, width: number): Outcome {
  const n = values.length / width;
  for (let k = 0; k < width; k++) {
    let sum = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      sum += values[i * width + k]!;
      square += values[i * width + k]! ** 2;
    }
    const mean = sum / n;
    const deviation = Math.sqrt(Math.max(square / n - mean * mean, 0));
    for (let i = 0; i < n; i++)
      values[i * width + k] = deviation > 1e-9 ? (values[i * width + k]! - mean) / deviation : 0;
  }
  return { values, width };
}

const numberOutcome = (target: Target, rows: Int32Array): Outcome =>
  standardised(
    Float64Array.from(rows, (row) => target.values[row]!),
    1,
  );

function classOutcome({ values, classes }: Target, rows: Int32Array): Outcome {
  const counts = new Float64Array(classes);
  for (const row of rows) counts[values[row]!]!++;
  const common = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
  // One indicator less than classes says all there is to say.
  const width = Math.max(1, Math.min(classes - 1, MOST_CLASSES));
  const place = new Int32Array(classes).fill(-1);
  common.slice(0, width).forEach((c, k) => {
    place[c] = k;
  });
  const indicators = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    const k = place[values[row]!]!;
    if (k >= 0) indicators[i * width + k] = 1;
  });
  return standardised(indicators, width);
}

/** Wilson and Hilferty's rough normal score of a chi-square statistic. */
const normalScore = (statistic: number, freedom: number): number =>
  (statistic - freedom) / Math.sqrt(2 * Math.max(freedom, 1));

/** Of the value and of its distance from the mean, which sees what rises on both sides; missing values say nothing. */
function numberScore(values: Float32Array, rows: Int32Array, { values: y, width }: Outcome): number {
  let count = 0;
  let sum = 0;
  let square = 0;
  for (const row of rows) {
    const x = values[row]!;
    if (Number.isNaN(x)) continue;
    count++;
    sum += x;
    square += x * x;
  }
  const mean = sum / Math.max(count, 1);
  const deviation = Math.sqrt(Math.max(square / Math.max(count, 1) - mean * mean, 0));
  if (count < 3 || !(deviation > 1e-12 * Math.abs(mean)) || !Number.isFinite(deviation)) return -1;
  const direct = new Float64Array(width);
  const apart = new Float64Array(width);
  let distances = 0;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) {
    const x = values[rows[i]!]!;
    if (Number.isNaN(x)) continue;
    const z = (x - mean) / deviation;
    // Beyond three deviations a value says no more: one row must not make a column.
    const clipped = Math.min(Math.max(z, -3), 3);
    const distance = Math.abs(clipped);
    distances += distance;
    squares += distance * distance;
    for (let k = 0; k < width; k++) {
      direct[k]! += clipped * y[i * width + k]!;
      apart[k]! += (distance - 0.8) * y[i * width + k]!;
    }
  }
  const variance = Math.max(squares / count - (distances / count) ** 2, 1e-6);
  let statistic = 0;
  for (let k = 0; k < width; k++) statistic += direct[k]! ** 2 / count + apart[k]! ** 2 / (count * variance);
  return normalScore(statistic, 2 * width);
}

function codeScore(codes: Int32Array, cardinality: number, rows: Int32Array, { values: y, width }: Outcome): number {
  const counts = new Float64Array(cardinality);
  const sums = new Float64Array(cardinality * width);
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    counts[code]!++;
    for (let k = 0; k < width; k++) sums[code * width + k]! += y[i * width + k]!;
  }
  let statistic = 0;
  let present = 0;
  for (let code = 0; code < cardinality; code++) {
    if (counts[code] === 0) continue;
    present++;
    for (let k = 0; k < width; k++) statistic += sums[code * width + k]! ** 2 / counts[code]!;
  }
  return present < 2 ? -1 : normalScore(statistic, (present - 1) * width);
}
