/**
 * Linear discriminant analysis (Fisher 1936; Rao 1948) as the weights of a softmax: classes are normal with one common
 * covariance. Closed form, so that hundreds of classes have a sensible model before the first gradient; a ridge on the
 * covariance and means drawn to the common one keep small classes and dependent columns harmless.
 */
import { backward, cholesky, forward } from '../math/cholesky.ts';
import { type LinearData, weightCount } from './problem.ts';

/** Fewer classes are learned from nothing as fast. */
const LEAST_CLASSES = 20;
/** Weight rows beyond which the covariance takes longer than gradients do. */
const MOST_INPUTS = 400;
/** Rows of the common mean that each class mean is mixed with. */
const PRIOR_ROWS = 3;
/** Of the mean variance, added to every variance. */
const RIDGE = 0.1;

/** Whether `discriminantStart` has weights for such data. */
export const hasDiscriminant = ({ problem, outputs, texts, matrix, codeRows }: LinearData): boolean =>
  problem === 'multiclass' &&
  outputs >= LEAST_CLASSES &&
  texts.length === 0 &&
  matrix.width + codeRows > 0 &&
  matrix.width + codeRows <= MOST_INPUTS;

/** Weights in the layout of `LinearData`; null where there are none to be had, see `hasDiscriminant`. */
export function discriminantStart(data: LinearData): Float64Array | null {
  if (!hasDiscriminant(data)) return null;
  const { outputs: k, matrix, codeRows } = data;
  const p = matrix.width + codeRows;
  const { moments, sums, counts, total } = sumUp(data, p);
  const mean = new Float64Array(p);
  for (let c = 0; c < k; c++) for (let j = 0; j < p; j++) mean[j]! += sums[c * p + j]! / total;
  const factor = withinCovariance(moments, sums, counts, total, p);
  if (!cholesky(factor, p)) return null;
  const weights = new Float64Array(weightCount(data));
  const bias = weights.length - k;
  for (let c = 0; c < k; c++) {
    // From the common mean to that of the class, drawn back to it.
    const apart = mean.map((m, j) => (sums[c * p + j]! - counts[c]! * m) / (counts[c]! + PRIOR_ROWS));
    const own = backward(factor, p, forward(factor, p, apart.slice()));
    weights[bias + c] = Math.log((counts[c]! + 1) / (total + k));
    for (let j = 0; j < p; j++) {
      weights[j * k + c] = own[j]!;
      weights[bias + c]! -= own[j]! * (mean[j]! + 0.5 * apart[j]!);
    }
  }
  return weights;
}

/** Lower triangle of the covariance within classes [p, p], its ridge added. */
function withinCovariance(
  moments: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
  total: number,
  p: number,
): Float64Array {
  const within = new Float64Array(p * p);
  let trace = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let between = 0;
      for (let c = 0; c < counts.length; c++)
        if (counts[c]! > 0) between += (sums[c * p + i]! * sums[c * p + j]!) / counts[c]!;
      within[i * p + j] = (moments[i * p + j]! - between) / total;
    }
    trace += within[i * p + i]!;
  }
  const ridge = RIDGE * Math.max(trace / p, 1e-6);
  for (let i = 0; i < p; i++) within[i * p + i]! += ridge;
  return within;
}

/** Products of inputs [p, p], lower triangle; sums of inputs by class [k, p]; rows by class and in all. */
function sumUp({ matrix, codes, codeColumns, targets, weights, outputs: k }: LinearData, p: number) {
  const n = matrix.rows;
  const moments = new Float64Array(p * p);
  const sums = new Float64Array(k * p);
  const counts = new Float64Array(k);
  const weightOf = (i: number) => (weights ? weights[i]! : 1);
  let total = 0;
  for (let i = 0; i < n; i++) {
    counts[targets[i]!]! += weightOf(i);
    total += weightOf(i);
  }
  const dense = (j: number) => matrix.values.subarray(j * n, (j + 1) * n);
  const weighted = new Float64Array(n);
  for (let a = 0; a < matrix.width; a++) {
    const x = dense(a);
    for (let i = 0; i < n; i++) {
      weighted[i] = weightOf(i) * x[i]!;
      sums[targets[i]! * p + a]! += weighted[i]!;
    }
    for (let b = 0; b <= a; b++) {
      const other = dense(b);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weighted[i]! * other[i]!;
      moments[a * p + b] = sum;
    }
    for (let g = 0; g < codeColumns; g++) {
      const column = codes.subarray(g * n, (g + 1) * n);
      for (let i = 0; i < n; i++) moments[(matrix.width + column[i]!) * p + a]! += weighted[i]!;
    }
  }
  for (let g = 0; g < codeColumns; g++) {
    const column = codes.subarray(g * n, (g + 1) * n);
    for (let i = 0; i < n; i++) sums[targets[i]! * p + matrix.width + column[i]!]! += weightOf(i);
    for (let h = 0; h <= g; h++) {
      const other = codes.subarray(h * n, (h + 1) * n);
      for (let i = 0; i < n; i++) moments[(matrix.width + column[i]!) * p + matrix.width + other[i]!]! += weightOf(i);
    }
  }
  return { moments, sums, counts, total };
}
