/** How often intervals and sets hold what they promise to hold. */
import type { Score } from '../contracts/result.ts';
import { wilsonInterval } from '../metrics/proportion.ts';

function shareOf(rows: number, holds: (row: number) => boolean): Score {
  let hits = 0;
  for (let row = 0; row < rows; row++) if (holds(row)) hits++;
  const value = rows > 0 ? hits / rows : 0;
  return { value, ...wilsonInterval(value, rows), rows };
}

/** Share of targets between their bounds, with Wilson's interval; bounds count as inside. */
export function intervalCoverage(
  targets: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Score {
  return shareOf(targets.length, (row) => targets[row]! >= lower[row]! && targets[row]! <= upper[row]!);
}

/** Share of rows whose class has a probability of `threshold` or more. @param probabilities row-major [rows, classes] */
export function setCoverage(
  targets: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  threshold: number,
): Score {
  return shareOf(targets.length, (row) => probabilities[row * classes + targets[row]!]! >= threshold);
}

/** How many classes the sets hold: shares of all rows. */
export interface SetSizes {
  readonly none: number;
  readonly one: number;
  readonly more: number;
  /** Share of the rows with one class for which it is the right one; null where there is no such row. */
  readonly oneRight: number | null;
}

/** Sizes of the prediction sets. @param probabilities row-major [rows, classes] */
export function setSizes(
  targets: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  threshold: number,
): SetSizes {
  const counts = [0, 0, 0];
  let right = 0;
  for (let row = 0; row < targets.length; row++) {
    let held = 0;
    for (let c = 0; c < classes; c++) if (probabilities[row * classes + c]! >= threshold) held++;
    counts[Math.min(held, 2)]! += 1;
    if (held === 1 && probabilities[row * classes + targets[row]!]! >= threshold) right++;
  }
  const share = (count: number) => count / Math.max(1, targets.length);
  const [none, one, more] = counts as [number, number, number];
  return { none: share(none), one: share(one), more: share(more), oneRight: one > 0 ? right / one : null };
}
