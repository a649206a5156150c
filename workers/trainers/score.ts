/** Scores of out-of-fold predictions in the metric's own units. */
import type { MetricName } from '#core/contracts/task.ts';
import { tuneDecision } from '#core/ensemble/calibration.ts';
import { takePredictions } from '#core/ensemble/take-predictions.ts';
import { coveredRows } from '#core/learners/bag.ts';
import { bootstrapInterval } from '#core/metrics/bootstrap.ts';
import { metricEvaluator } from '#core/metrics/evaluate.ts';
import type { Evaluator, MetricTask } from '#core/metrics/types.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { inUnits } from '#core/tasks/target.ts';

export interface Validation {
  /** Rows that some fold validates. */
  readonly rows: Int32Array;
  /** Their targets: class indices, or values in the user's units. */
  readonly targets: Float64Array;
  readonly task: MetricTask;
}

export function validationOf(prepared: Prepared): Validation {
  const rows = coveredRows(prepared.folds);
  const { target } = prepared;
  return {
    rows,
    targets: Float64Array.from(rows, (row) => prepared.targetValues[row] as number),
    task: {
      problem: target.problem,
      classes: target.problem === 'regression' ? 1 : target.classes.length,
      ...(prepared.positive === null ? {} : { positive: prepared.positive }),
      ...(target.problem !== 'regression' && target.costs ? { costs: target.costs } : {}),
    },
  };
}

/** Prepares the metric on one bag's or ensemble's out-of-fold predictions (all rows, standardised for regression). */
export function evaluatorOf(
  prepared: Prepared,
  validation: Validation,
  metric: MetricName,
  predictions: Float32Array,
  decision?: readonly number[],
): Evaluator {
  const taken = takePredictions(predictions, validation.rows, validation.task.classes);
  const task = decision ? { ...validation.task, decision } : validation.task;
  return metricEvaluator(metric, task, validation.targets, inUnits(prepared.target, taken));
}

/** The same with the label decision tuned on these predictions, where the metric judges labels. */
export function tunedEvaluatorOf(
  prepared: Prepared,
  validation: Validation,
  metric: MetricName,
  predictions: Float32Array,
): Evaluator {
  const { rows, targets, task } = validation;
  if (task.problem === 'regression') return evaluatorOf(prepared, validation, metric, predictions);
  const decision = tuneDecision(metric, task, targets, takePredictions(predictions, rows, task.classes));
  return evaluatorOf(prepared, validation, metric, predictions, decision ?? undefined);
}

export interface Scored {
  readonly score: number;
  readonly low: number;
  readonly high: number;
}

/** Score with a bootstrap interval. */
export function scoreOf(evaluate: Evaluator, rows: number, seed: number): Scored {
  const { low, high } = bootstrapInterval(evaluate, rows, { seed });
  return { score: evaluate(), low, high };
}
