/**
 * Labels that look wrong, from out-of-fold probabilities: confident learning (Northcutt, Jiang and Chuang 2021). Each
 * class has a threshold of its own, the mean probability that its rows get for it, so that hard classes are not all
 * suspected and easy ones are not all trusted.
 */
import { argsort } from '../math/sort.ts';

export interface LabelSuspect {
  /** Index among the rows given. */
  readonly row: number;
  readonly given: number;
  /** The class that is more plausible, or the second most plausible where none is. */
  readonly suggested: number;
  /** Out-of-fold probabilities of both. */
  readonly givenShare: number;
  readonly suggestedShare: number;
  /** Another class reaches its own threshold: counted among the estimated errors. */
  readonly confident: boolean;
}

/** Mean probability of a class among the rows that carry it; 1 for classes without rows. */
export function classThresholds(
  targets: ArrayLike<number>,
  probabilities: Float32Array,
  classes: number,
): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let row = 0; row < targets.length; row++) {
    const y = targets[row]!;
    sums[y]! += probabilities[row * classes + y]!;
    counts[y]! += 1;
  }
  return sums.map((sum, c) => (counts[c]! > 0 ? sum / counts[c]! : 1));
}

/**
 * All rows, most suspicious first: by the probability of the class they carry. Measured on development tables with
 * flipped labels it found as many as the margin to the best other class, or more, and always more than the margins to
 * the classes' thresholds.
 * @param probabilities row-major [rows, classes], of models that have not seen the row
 */
export function rankLabels(targets: ArrayLike<number>, probabilities: Float32Array, classes: number): LabelSuspect[] {
  const thresholds = classThresholds(targets, probabilities, classes);
  const rows = targets.length;
  const suspects: LabelSuspect[] = [];
  for (let row = 0; row < rows; row++) {
    const given = targets[row]!;
    const at = row * classes;
    let suggested = given === 0 ? 1 : 0;
    let best = Number.NEGATIVE_INFINITY;
    let confident = false;
    for (let c = 0; c < classes; c++) {
      if (c === given) continue;
      const p = probabilities[at + c]!;
      if (p >= thresholds[c]! && p > probabilities[at + given]!) confident = true;
      if (p > best) {
        best = p;
        suggested = c;
      }
    }
    const givenShare = probabilities[at + given]!;
    suspects.push({ row, given, suggested, givenShare, suggestedShare: best, confident });
  }
  const order = argsort(Float32Array.from(suspects, ({ givenShare }) => givenShare));
  return Array.from(order, (i) => suspects[i]!);
}
