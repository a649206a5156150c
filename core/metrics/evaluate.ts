/** All metrics by name. */
import { type Direction, type MetricName, metricInfo } from '../contracts/task.ts';
import { rocAuc } from './auc.ts';
import { isLabelMetric, labelMetric, logLoss } from './classification.ts';
import { meanCost } from './costs.ts';
import { numberMetric, r2 } from './regression.ts';
import type { Evaluator, MetricTask } from './types.ts';

/**
 * Prepares a metric on one set of predictions; the result scores it under any row weights.
 * @param targets class indices, or values in the user's units
 * @param predictions row-major [rows, classes] probabilities, or values in the user's units
 */
export function metricEvaluator(
  name: MetricName,
  task: MetricTask,
  targets: ArrayLike<number>,
  predictions: Float32Array | Float64Array,
): Evaluator {
  if (task.problem === 'regression') {
    if (name === 'r2') return r2(targets, predictions);
    if ((metricInfo[name].kinds as readonly string[]).includes('regression'))
      return numberMetric(name, targets, predictions);
  } else {
    const probabilities = predictions instanceof Float32Array ? predictions : Float32Array.from(predictions);
    if (name === 'log_loss') return logLoss(targets, probabilities, task.classes);
    if (name === 'roc_auc') return rocAuc(targets, probabilities, task.classes);
    if (name === 'cost') return meanCost(task, targets, probabilities);
    if (isLabelMetric(name)) return labelMetric(name, task, targets, probabilities);
  }
  throw new RangeError(`The metric ${name} does not fit a ${task.problem} task.`);
}

/** The metric's value; see `metricEvaluator`. */
export function evaluateMetric(
  name: MetricName,
  task: MetricTask,
  targets: ArrayLike<number>,
  predictions: Float32Array | Float64Array,
  weights?: ArrayLike<number>,
): number {
  return metricEvaluator(name, task, targets, predictions)(weights);
}

export const directionOf = (name: MetricName): Direction => metricInfo[name].direction;

/** The metric as a loss: smaller is better. */
export const lossOf = (name: MetricName, value: number): number => (directionOf(name) === 'maximize' ? -value : value);

/** True when `a` is better than `b`; NaN is never better. */
export function isBetter(name: MetricName, a: number, b: number): boolean {
  if (Number.isNaN(a)) return false;
  return Number.isNaN(b) || lossOf(name, a) < lossOf(name, b);
}

/** Metrics of probabilities that say how good they are apart from the label decision. */
export const needsProbabilities = (name: MetricName): boolean => name === 'log_loss' || name === 'roc_auc';
