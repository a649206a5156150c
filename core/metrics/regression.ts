/** Regression metrics as scikit-learn defines them, under row weights. Targets and predictions in the user's units. */
import type { MetricName } from '../contracts/task.ts';
import { meanOf } from './classification.ts';
import type { Evaluator } from './types.ts';

/** The error of a row, given its prediction. */
export type RowErrors = (row: number, prediction: number) => number;

const medianMetrics = new Set(['mae', 'smape', 'pinball']);

/** The quantile of the target that does best under a metric (the median, under absolute errors); null for means. */
export function quantileOf(metric: string): number | null {
  if (medianMetrics.has(metric)) return 0.5;
  const level = /^pinball_([0-9]{2})$/.exec(metric)?.[1];
  return level === undefined ? null : Number(level) / 100;
}

/** Whether a learner, by its name, can aim at any quantile; the others predict means, or medians at best. */
export const learnsQuantiles = (learner: string): boolean => learner === 'boosting' || learner === 'linear';

const squared =
  (targets: ArrayLike<number>): RowErrors =>
  (i, p) =>
    (targets[i]! - p) ** 2;

/** Whether the metric is the root of the mean of its rows' errors. */
export const takesRoot = (metric: MetricName): boolean => metric === 'rmse' || metric === 'rmsle';

/** The errors of rows that a metric averages; RMSE and RMSLE take the root of the mean, R² compares it. */
export function rowErrors(metric: MetricName, targets: ArrayLike<number>): RowErrors {
  switch (metric) {
    case 'mae':
      return (i, p) => Math.abs(targets[i]! - p);
    case 'rmsle': {
      // Predictions below 0 count as 0 (scikit-learn refuses them); targets must be above -1.
      const logs = Float64Array.from(targets, Math.log1p);
      return (i, p) => (logs[i]! - Math.log1p(Math.max(p, 0))) ** 2;
    }
    case 'smape':
      // In percent, 0 to 200; 0 where both are 0.
      return (i, p) => {
        const t = targets[i]!;
        return t === p ? 0 : (200 * Math.abs(t - p)) / (Math.abs(t) + Math.abs(p));
      };
    default: {
      const level = quantileOf(metric);
      if (level === null) return squared(targets);
      return (i, p) => {
        const t = targets[i]!;
        return t >= p ? level * (t - p) : (1 - level) * (p - t);
      };
    }
  }
}

const meanError = (errors: RowErrors, predictions: ArrayLike<number>): Evaluator =>
  meanOf(Float64Array.from({ length: predictions.length }, (_, i) => errors(i, predictions[i]!)));

/** Mean error, or the root of it. R² has a function of its own. */
export function numberMetric(
  metric: MetricName,
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
): Evaluator {
  const mean = meanError(rowErrors(metric, targets), predictions);
  return takesRoot(metric) ? (weights) => Math.sqrt(mean(weights)) : mean;
}

/** 1 - residual / total; with constant targets 1 for perfect predictions and 0 otherwise. */
export function r2(targets: ArrayLike<number>, predictions: ArrayLike<number>): Evaluator {
  const residual = meanError(squared(targets), predictions);
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
