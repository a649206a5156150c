/**
 * One stopping point for all folds of a bag. Where folds hold few rows, the best round of each is chosen by noise, and
 * predictions made at it look better than they are; the minimum of the mean curve is one choice for all rows
 * (TABULAR: 7.1 and trap 3).
 */
import type { Checkpoint, FoldFit } from '../contracts/learner.ts';

/** Training and validation rows of a task below which folds share their stopping point. */
export const SHARED_STOP_ROWS = 2000;

type Taken = Pick<FoldFit, 'model' | 'judged' | 'validPredictions' | 'steps'>;

/** The last checkpoint at or before `at`; the first one where all come later. */
function upTo(checkpoints: readonly Checkpoint[], at: number): Checkpoint {
  let found = checkpoints[0]!;
  for (const checkpoint of checkpoints) if (checkpoint.at <= at) found = checkpoint;
  return found;
}

/**
 * What each fold is at the point where the mean loss, weighted by validation rows, is least. A fold that ended earlier
 * stays as it ended. Folds without checkpoints are returned as they are.
 */
export function shareStop(fits: readonly FoldFit[], validRows: readonly number[]): readonly Taken[] {
  const curves = fits.map((fit) => fit.checkpoints ?? []);
  if (curves.some((curve) => curve.length === 0)) return fits;
  const points = [...new Set(curves.flatMap((curve) => curve.map(({ at }) => at)))].sort((a, b) => a - b);
  let best = points[0]!;
  let least = Number.POSITIVE_INFINITY;
  for (const at of points) {
    const loss = curves.reduce((sum, curve, k) => sum + validRows[k]! * upTo(curve, at).loss, 0);
    if (loss < least) {
      least = loss;
      best = at;
    }
  }
  return curves.map((curve) => upTo(curve, best).take());
}
