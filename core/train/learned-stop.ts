/** How long a trial must train to be judged, learned from the first runs of a search (Dai and others 2021, FBNetV3). */
import { spearman } from '../math/ranks.ts';

/**
 * The first point of the curves from which on the order of the runs agrees with that at the end: rank correlation at least
 * `agreement` there and at all later points. Fewer than `fewest` runs, or curves of one point, say nothing: the last point.
 * @param curves losses of each run at the same points, smaller is better; runs that diverged may hold NaN or infinities
 */
export function learnedStop(curves: readonly ArrayLike<number>[], { agreement = 0.9, fewest = 8 } = {}): number {
  const last = (curves[0]?.length ?? 0) - 1;
  if (curves.length < fewest) return last;
  const at = (point: number): number[] =>
    curves.map((c) => (Number.isFinite(c[point]!) ? c[point]! : Number.MAX_VALUE));
  const end = at(last);
  let stop = last;
  while (stop > 0 && spearman(at(stop - 1), end) >= agreement) stop--;
  return stop;
}
