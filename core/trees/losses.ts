/** Losses of boosting: start values, gradients and hessians, and what a held-out part is scored by. */

export interface LossData {
  /** Class index, 0/1, or the regression target. */
  readonly targets: Float32Array;
  readonly weights?: Float32Array | undefined;
}

export interface Loss {
  /** Scores per row. */
  readonly outputs: number;
  /** Leaves hold this quantile of the residuals instead of a Newton step. */
  readonly level?: number;
  /** Best constant scores. */
  start(data: LossData): Float64Array;
  /**
   * First and second derivatives with respect to the scores. All arrays are output after output:
   * `scores[k * n + row]`.
   */
  derive(scores: Float64Array, data: LossData, gradients: Float32Array, hessians: Float32Array): void;
  /** The mean loss (root of it for squared error): what early stopping watches unless told otherwise. */
  mean(scores: Float64Array, data: LossData): number;
}

const TINY = 1e-15;

export function weightedMean(n: number, weights: Float32Array | undefined, value: (row: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const w = weights ? weights[i]! : 1;
    sum += w * value(i);
    total += w;
  }
  return total > 0 ? sum / total : 0;
}

export const squaredLoss: Loss = {
  outputs: 1,
  start: ({ targets, weights }) => Float64Array.of(weightedMean(targets.length, weights, (i) => targets[i]!)),
  derive(scores, { targets, weights }, gradients, hessians) {
    for (let i = 0; i < targets.length; i++) {
      const w = weights ? weights[i]! : 1;
      gradients[i] = w * (scores[i]! - targets[i]!);
      hessians[i] = w;
    }
  },
  mean: (scores, { targets, weights }) =>
    Math.sqrt(weightedMean(targets.length, weights, (i) => (scores[i]! - targets[i]!) ** 2)),
};

/** Numerically safe log(1 + e^x). */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export const logisticLoss: Loss = {
  outputs: 1,
  start({ targets, weights }) {
    const share = weightedMean(targets.length, weights, (i) => targets[i]!);
    const p = Math.min(1 - 1e-6, Math.max(1e-6, share));
    return Float64Array.of(Math.log(p / (1 - p)));
  },
  derive(scores, { targets, weights }, gradients, hessians) {
    for (let i = 0; i < targets.length; i++) {
      const p = 1 / (1 + Math.exp(-scores[i]!));
      const w = weights ? weights[i]! : 1;
      gradients[i] = w * (p - targets[i]!);
      hessians[i] = w * Math.max(TINY, p * (1 - p));
    }
  },
  mean: (scores, { targets, weights }) =>
    weightedMean(targets.length, weights, (i) => softplus(targets[i]! > 0.5 ? -scores[i]! : scores[i]!)),
};

/** Softmax over `classes` scores; hessians carry the factor K / (K - 1) of a sum-to-zero parametrisation. */
export function softmaxLoss(classes: number): Loss {
  const factor = classes / (classes - 1);
  return {
    outputs: classes,
    start({ targets, weights }) {
      const sums = new Float64Array(classes);
      let total = 0;
      for (let i = 0; i < targets.length; i++) {
        const w = weights ? weights[i]! : 1;
        sums[targets[i]!]! += w;
        total += w;
      }
      return sums.map((sum) => Math.log(Math.max(1e-6, sum / Math.max(total, TINY))));
    },
    derive(scores, { targets, weights }, gradients, hessians) {
      const n = targets.length;
      for (let i = 0; i < n; i++) {
        let max = -Infinity;
        for (let k = 0; k < classes; k++) max = Math.max(max, scores[k * n + i]!);
        let sum = 0;
        for (let k = 0; k < classes; k++) {
          const e = Math.exp(scores[k * n + i]! - max);
          gradients[k * n + i] = e;
          sum += e;
        }
        const w = weights ? weights[i]! : 1;
        const label = targets[i]!;
        for (let k = 0; k < classes; k++) {
          const p = gradients[k * n + i]! / sum;
          gradients[k * n + i] = w * (k === label ? p - 1 : p);
          hessians[k * n + i] = w * factor * Math.max(TINY, p * (1 - p));
        }
      }
    },
    mean(scores, { targets, weights }) {
      const n = targets.length;
      return weightedMean(n, weights, (i) => {
        let max = -Infinity;
        for (let k = 0; k < classes; k++) max = Math.max(max, scores[k * n + i]!);
        let sum = 0;
        for (let k = 0; k < classes; k++) sum += Math.exp(scores[k * n + i]! - max);
        return Math.log(sum) + max - scores[targets[i]! * n + i]!;
      });
    },
  };
}
