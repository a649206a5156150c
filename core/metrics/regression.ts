/** Regression metrics as scikit-learn defines them, under row weights. Targets and predictions in the user's units. */
import { meanOf } from './classification.ts';
import type { Evaluator } from './types.ts';

type Errors = (target: number, prediction: number) => number;

function rowwise(targets: ArrayLike<number>, predictions: ArrayLike<number>, error: Errors): Evaluator {
  return meanOf(Float64Array.from({ length: targets.length }, (_, i) => error(targets[i]!, predictions[i]!)));
}

export function rmse(targets: ArrayLike<number>, predictions: ArrayLike<number>): Evaluator {
  const mean = rowwise(targets, predictions, (t, p) => (t - p) ** 2);
  return (weights) => Math.sqrt(mean(weights));
}

export function mae(targets: ArrayLike<number>, predictions: ArrayLike<number>): Evaluator {
  return rowwise(targets, predictions, (t, p) => Math.abs(t - p));
}

/** Predictions below 0 count as 0 (scikit-learn refuses them); targets must be above -1. */
export function rmsle(targets: ArrayLike<number>, predictions: ArrayLike<number>): Evaluator {
  const mean = rowwise(targets, predictions, (t, p) => (Math.log1p(t) - Math.log1p(Math.max(p, 0))) ** 2);
  return (weights) => Math.sqrt(mean(weights));
}

/** 1 - residual / total; with constant targets 1 for perfect predictions and 0 otherwise. */
export function r2(targets: ArrayLike<number>, predictions: ArrayLike<number>): Evaluator {
  const residual = rowwise(targets, predictions, (t, p) => (t - p) ** 2);
  return (weights) => {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < targets.length; i++) {
      const weight = weights ? weights[i]! : 1;
      sum += weight * targets[i]!;
      total += weight;
    }
    const mean = sum / total;
    let variance = 0;
    for (let i = 0; i < targets.length; i++) variance += (weights ? weights[i]! : 1) * (targets[i]! - mean) ** 2;
    const rest = residual(weights) * total;
    return variance > 0 ? 1 - rest / variance : rest > 0 ? 0 : 1;
  };
}
