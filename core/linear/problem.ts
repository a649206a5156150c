/**
 * Loss and gradient of a linear model on dense columns and categorical codes. Weights: dense [width, outputs], then
 * codes [sum of cardinalities, outputs], then the terms of each text, then intercepts [outputs]; `outputs` is 1 for two classes and regression.
 */
import type { Problem } from '../contracts/learner.ts';
import type { DesignMatrix } from './design-matrix.ts';
import { addTextGradient, addTextMargins, type TextBlock } from './text.ts';

export interface LinearData {
  readonly matrix: DesignMatrix;
  /** Codes of the rows, column-major, each already shifted by its column's first weight row. */
  readonly codes: Int32Array;
  readonly codeColumns: number;
  readonly codeRows: number;
  readonly texts: readonly TextBlock[];
  readonly problem: Problem;
  readonly outputs: number;
  /** Class index or value per row. */
  readonly targets: Float32Array;
  readonly weights: Float32Array | undefined;
  /** Regression only: the quantile to fit instead of the mean. */
  readonly level?: number | undefined;
}

/** Width over which the kink of a quantile loss is rounded, in deviations of the target. */
const KINK = 0.05;

type Layout = Pick<LinearData, 'codeRows' | 'texts' | 'outputs'> & { readonly matrix: { readonly width: number } };

/** First weight of each text and, at the end, of the intercepts. */
export function textOffsets({ matrix, codeRows, texts, outputs }: Layout): number[] {
  const offsets = [(matrix.width + codeRows) * outputs];
  for (const { feature } of texts) offsets.push(offsets.at(-1)! + feature.weights.length * outputs);
  return offsets;
}

export const weightCount = (data: Layout): number => textOffsets(data).at(-1)! + data.outputs;

/** Linear predictors, row-major [rows, outputs]. */
export function margins(data: LinearData, w: Float64Array): Float64Array {
  const { matrix, outputs: k, codes, codeColumns, texts } = data;
  const n = matrix.rows;
  const out = new Float64Array(n * k);
  const offsets = textOffsets(data);
  const bias = offsets.at(-1)!;
  for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) out[i * k + c] = w[bias + c]!;
  for (let j = 0; j < matrix.width; j++) addColumn(out, matrix.values.subarray(j * n, (j + 1) * n), w, j * k, k);
  const first = matrix.width * k;
  for (let g = 0; g < codeColumns; g++) {
    const column = codes.subarray(g * n, (g + 1) * n);
    for (let i = 0; i < n; i++) {
      const at = first + column[i]! * k;
      for (let c = 0; c < k; c++) out[i * k + c]! += w[at + c]!;
    }
  }
  texts.forEach((block, t) => {
    addTextMargins(block, w, offsets[t]!, k, out);
  });
  return out;
}

function addColumn(out: Float64Array, x: Float32Array, w: Float64Array, at: number, k: number): void {
  const n = x.length;
  if (k === 1) {
    const weight = w[at]!;
    if (weight === 0) return;
    for (let i = 0; i < n; i++) out[i]! += x[i]! * weight;
    return;
  }
  for (let i = 0; i < n; i++) {
    const value = x[i]!;
    for (let c = 0; c < k; c++) out[i * k + c]! += value * w[at + c]!;
  }
}

/** Mean loss: half the squared error (or a quantile loss), log loss, or softmax cross-entropy. Overwrites `out` with d loss / d margin. */
export function lossAndResiduals(data: LinearData, out: Float64Array): number {
  const { outputs: k, targets, weights, problem, level } = data;
  const n = targets.length;
  let loss = 0;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights ? weights[i]! : 1;
  for (let i = 0; i < n; i++) {
    const weight = (weights ? weights[i]! : 1) / total;
    const y = targets[i]!;
    if (problem === 'regression' && level !== undefined) {
      const above = (y - out[i]!) / KINK;
      const e = Math.exp(-Math.abs(above));
      loss += weight * KINK * (level * above + Math.max(-above, 0) + Math.log1p(e));
      out[i] = weight * ((above >= 0 ? e : 1) / (1 + e) - level);
    } else if (problem === 'regression') {
      const error = out[i]! - y;
      loss += 0.5 * weight * error * error;
      out[i] = weight * error;
    } else if (problem === 'binary') {
      const m = out[i]!;
      const e = Math.exp(-Math.abs(m));
      loss += weight * (Math.log1p(e) + Math.max(m, 0) - y * m);
      out[i] = weight * ((m >= 0 ? 1 : e) / (1 + e) - y);
    } else {
      let top = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < k; c++) top = Math.max(top, out[i * k + c]!);
      let sum = 0;
      for (let c = 0; c < k; c++) sum += Math.exp(out[i * k + c]! - top);
      loss += weight * (Math.log(sum) + top - out[i * k + y]!);
      for (let c = 0; c < k; c++) {
        out[i * k + c] = weight * (Math.exp(out[i * k + c]! - top) / sum - (c === y ? 1 : 0));
      }
    }
  }
  return loss;
}

/** Gradient of the loss by the weights, from residuals [rows, outputs]. */
export function gradient(data: LinearData, residuals: Float64Array, into: Float64Array): void {
  const { matrix, outputs: k, codes, codeColumns, texts } = data;
  const n = matrix.rows;
  into.fill(0);
  for (let j = 0; j < matrix.width; j++) {
    const x = matrix.values.subarray(j * n, (j + 1) * n);
    if (k === 1) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[i]! * residuals[i]!;
      into[j] = sum;
      continue;
    }
    const at = j * k;
    for (let i = 0; i < n; i++) {
      const value = x[i]!;
      for (let c = 0; c < k; c++) into[at + c]! += value * residuals[i * k + c]!;
    }
  }
  const first = matrix.width * k;
  for (let g = 0; g < codeColumns; g++) {
    const column = codes.subarray(g * n, (g + 1) * n);
    for (let i = 0; i < n; i++) {
      const at = first + column[i]! * k;
      for (let c = 0; c < k; c++) into[at + c]! += residuals[i * k + c]!;
    }
  }
  const offsets = textOffsets(data);
  texts.forEach((block, t) => {
    addTextGradient(block, residuals, into, offsets[t]!, k);
  });
  const bias = offsets.at(-1)!;
  for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) into[bias + c]! += residuals[i * k + c]!;
}

/** Mean loss and its gradient at any weights, as the optimizer asks for them; intercepts come last and are free. */
export function objectiveOf(data: LinearData): { free: number; evaluate(w: Float64Array, g: Float64Array): number } {
  return {
    free: weightCount(data) - data.outputs,
    evaluate(w, g) {
      const out = margins(data, w);
      const loss = lossAndResiduals(data, out);
      gradient(data, out, g);
      return loss;
    },
  };
}
