/** From finished bags to the model that is exported: weights, temperature, decision, and its validation score. */
import type { Score } from '../contracts/result.ts';
import type { MetricName } from '../contracts/task.ts';
import { type BagTask, coveredRows } from '../learners/bag.ts';
import { bootstrapInterval } from '../metrics/bootstrap.ts';
import { metricEvaluator } from '../metrics/evaluate.ts';
import type { Evaluator, MetricTask } from '../metrics/types.ts';
import { inUnits, type TargetPlan } from '../tasks/target.ts';
import { applyTemperature, fitTemperature, tuneDecision } from './calibration.ts';
import { blend, selectEnsemble } from './greedy.ts';

/** What is asked of a model, apart from its data. */
export interface Goal {
  readonly metric: MetricName;
  /** The class that F1 and thresholds speak of; the second one when left out. */
  readonly positiveClass?: string | null | undefined;
  readonly seed: number;
}

/** The part of a prepared task that scoring needs. */
export type ScoredTask = Pick<BagTask, 'target' | 'values' | 'folds'>;

export function metricTask(plan: TargetPlan, goal: Pick<Goal, 'positiveClass'>): MetricTask {
  if (plan.problem === 'regression') return { problem: 'regression', classes: 1 };
  const positive = goal.positiveClass ? plan.classes.indexOf(goal.positiveClass) : -1;
  return { problem: plan.problem, classes: plan.classes.length, positive: positive >= 0 ? positive : 1 };
}

/** The rows that folds validate: their targets, and how to cut predictions down to them. */
export function validationRows(task: ScoredTask): {
  targets: Float64Array;
  take: (predictions: Float32Array) => Float32Array;
} {
  const rows = coveredRows(task.folds);
  const classes = task.target.problem === 'regression' ? 1 : task.target.classes.length;
  const targets = Float64Array.from(rows, (row) => task.values[row]!);
  const take = (predictions: Float32Array) => {
    if (rows.length * classes === predictions.length) return predictions;
    const out = new Float32Array(rows.length * classes);
    rows.forEach((row, i) => {
      for (let c = 0; c < classes; c++) out[i * classes + c] = predictions[row * classes + c]!;
    });
    return out;
  };
  return { targets, take };
}

export interface ScoredPredictions {
  readonly score: Score;
  /** Label factors that the score was computed with; null for argmax. */
  readonly decision: readonly number[] | null;
  readonly evaluate: Evaluator;
}

/** Scores out-of-fold predictions [rows, classes] of one bag, with a 95 % interval. Label metrics tune their decision. */
export function scorePredictions(task: ScoredTask, predictions: Float32Array, goal: Goal): ScoredPredictions {
  const { targets, take } = validationRows(task);
  const taken = take(predictions);
  const base = metricTask(task.target, goal);
  const decision = task.target.problem === 'regression' ? null : tuneDecision(goal.metric, base, targets, taken);
  return scored(task.target, targets, taken, { ...base, decision: decision ?? undefined }, goal, decision);
}

function scored(
  plan: TargetPlan,
  targets: Float64Array,
  predictions: Float32Array,
  metric: MetricTask,
  goal: Goal,
  decision: readonly number[] | null,
): ScoredPredictions {
  const evaluate = metricEvaluator(goal.metric, metric, targets, inUnits(plan, predictions));
  const { low, high } = bootstrapInterval(evaluate, targets.length, { seed: goal.seed });
  return { score: { value: evaluate(), low, high, rows: targets.length }, decision, evaluate };
}

export interface Composition extends ScoredPredictions {
  /** One per candidate; they sum to 1, and those at 0 are not in the model. */
  readonly weights: readonly number[];
  readonly temperature: number;
  /** Of the composed model on the validation rows, row-major; calibrated probabilities or standardised values. */
  readonly predictions: Float32Array;
}

/** Chooses the ensemble among candidates' out-of-fold predictions [rows, classes], calibrates it and scores it. */
export function composeEnsemble(
  task: ScoredTask,
  candidates: readonly Float32Array[],
  goal: Goal,
  stop?: () => boolean,
): Composition {
  const { targets, take } = validationRows(task);
  const members = candidates.map(take);
  const plan = task.target;
  const base = metricTask(plan, goal);
  const selection = { metric: goal.metric, task: base, plan, targets, members, seed: goal.seed };
  const weights = selectEnsemble(stop ? { ...selection, stop } : selection);
  const blended = blend(members, weights);
  if (plan.problem === 'regression') {
    return { weights, temperature: 1, predictions: blended, ...scored(plan, targets, blended, base, goal, null) };
  }
  const classes = plan.classes.length;
  const temperature = fitTemperature(goal.metric, targets, blended, classes);
  const predictions = applyTemperature(blended, classes, temperature);
  const decision = tuneDecision(goal.metric, base, targets, predictions);
  const task2 = { ...base, decision: decision ?? undefined };
  return { weights, temperature, predictions, ...scored(plan, targets, predictions, task2, goal, decision) };
}
