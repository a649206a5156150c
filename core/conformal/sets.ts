/**
 * Prediction sets for classes: every class whose probability reaches one threshold (least ambiguous sets, Sadinle, Lei
 * and Wasserman 2019). The smallest sets on average that hold the true class as often as asked for. A set of one class
 * is an answer; an empty one, or one of several classes, is a reason to abstain.
 */
import { conformalQuantile } from './quantile.ts';

/** Below, a threshold says more about chance than about the model. */
const LEAST_ROWS = 20;

/**
 * The threshold that holds the true class in `level` of new rows, from out-of-fold probabilities.
 * @param probabilities row-major [rows, classes]
 * @returns null where there are too few rows
 */
export function fitSetThreshold(
  targets: ArrayLike<number>,
  probabilities: Float32Array,
  classes: number,
  level: number,
): number | null {
  if (targets.length < LEAST_ROWS) return null;
  const scores = Float64Array.from(targets, (y, row) => 1 - probabilities[row * classes + y]!);
  const quantile = conformalQuantile(scores, level);
  return Number.isFinite(quantile) ? 1 - quantile : null;
}
