/** Which rows are hard: small boosted trees that predict from the features how large a residual will be. */
import type { Features, FitContext, FoldModel } from '../contracts/learner.ts';
import { predictBag, trainBag } from '../learners/bag.ts';
import { boosting } from '../learners/boosting.ts';
import { Random } from '../math/random.ts';
import type { Fold, FoldPlan } from '../tasks/folds.ts';
import type { NumberTarget } from '../tasks/target.ts';

export interface Difficulty {
  readonly models: readonly FoldModel[];
  /** Mean and deviation of the logarithms that the trees learned, and the range their answers are kept in. */
  readonly scale: NumberTarget;
}

/** Shallow and few: the shape of the noise is simpler than the target, and the file should stay small. */
const design = { learner: 'boosting', rounds: 60, learningRate: 0.15, leaves: 8, minRows: 25, bagging: 0.8 };
const MOST_FOLDS = 4;
/** Added to each relative residual: the logarithm of next to nothing would outweigh all else. */
const FLOOR = 0.2;

/**
 * Fits the trees on the logarithm of relative residuals.
 * @param rows that have a residual, ascending
 * @param relative residuals of those rows, divided by what is usual for a prediction of their size
 * @returns the trees and, for each of `rows`, what trees that have not seen it say
 */
export async function fitDifficulty(
  features: Features,
  rows: Int32Array,
  relative: Float64Array,
  folds: FoldPlan,
  context: Pick<FitContext, 'runtime' | 'seed' | 'cancelled' | 'breathe'>,
): Promise<{ difficulty: Difficulty; factors: Float64Array }> {
  const values = new Float64Array(features.rows);
  rows.forEach((row, i) => {
    values[row] = Math.log(Math.abs(relative[i]!) + FLOOR);
  });
  const scale = scaleOf(Float64Array.from(rows, (row) => values[row]!));
  const task = { features, target: scale, values, folds: foldsOf(rows, folds, context.seed) };
  const bag = await trainBag(boosting, design, task, {
    ...context,
    metric: 'rmse',
    secondsLeft: () => Number.POSITIVE_INFINITY,
  });
  const difficulty = { models: bag.models, scale };
  return { difficulty, factors: factorsOf(difficulty, rows, bag.predictions) };
}

/** The factor on the usual spread for each row of `features`. */
export async function predictDifficulty(
  difficulty: Difficulty,
  features: Features,
  runtime: FitContext['runtime'],
): Promise<Float64Array> {
  const bag = { models: difficulty.models, scale: 'plain' as const };
  const predictions = await predictBag(boosting, bag, features, difficulty.scale, runtime);
  return factorsOf(difficulty, Int32Array.from(predictions.keys()), predictions);
}

function factorsOf({ scale }: Difficulty, rows: Int32Array, predictions: Float32Array): Float64Array {
  return Float64Array.from(rows, (row) => {
    const log = predictions[row]! * scale.deviation + scale.mean;
    return Math.exp(Math.min(Math.max(log, scale.low), scale.high));
  });
}

function scaleOf(logs: Float64Array): NumberTarget {
  const mean = logs.reduce((sum, v) => sum + v, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, v) => sum + (v - mean) ** 2, 0) / logs.length) || 1;
  return { problem: 'regression', mean, deviation, low: mean - 2 * deviation, high: mean + 2 * deviation, log: null };
}

/**
 * The folds of the task among the rows that have a residual: groups stay together. Few folds are enough; where the task
 * has one hold-out only, its rows are dealt at random.
 */
function foldsOf(rows: Int32Array, plan: FoldPlan, seed: number): FoldPlan {
  const part = new Map<number, number>();
  const parts = Math.min(MOST_FOLDS, plan.folds.length);
  if (parts > 1) {
    plan.folds.forEach((fold, k) => {
      for (const row of fold.valid) part.set(row, k % parts);
    });
  } else {
    const order = new Random(seed).shuffle(rows.slice());
    order.forEach((row, i) => {
      part.set(row, i % MOST_FOLDS);
    });
  }
  const count = parts > 1 ? parts : MOST_FOLDS;
  const folds = Array.from({ length: count }, (_, k): Fold => {
    const inside = (row: number) => part.get(row) === k;
    return { train: rows.filter((row) => !inside(row)), valid: rows.filter(inside) };
  });
  return { kind: plan.kind, folds: folds.filter(({ train, valid }) => train.length > 0 && valid.length > 0) };
}
