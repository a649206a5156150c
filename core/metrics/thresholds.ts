/** What each decision threshold of two classes would give: metrics of labels along the probability. */
import { argsort } from '../math/sort.ts';
import { scoreConfusion } from './classification.ts';

export interface ThresholdPoint {
  /** Rows with this probability of the positive class or more are labelled with it. */
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly balanced_accuracy: number;
  readonly mcc: number;
  readonly accuracy: number;
}

/**
 * Points at quantiles of the probability, ascending; empty where a class does not occur.
 * @param positive index of the class that precision, recall and F1 speak of
 * @param probabilities row-major [rows, 2]
 */
export function thresholdCurve(
  targets: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  positive: number,
  points = 99,
): ThresholdPoint[] {
  const rows = targets.length;
  const scores = Float32Array.from({ length: rows }, (_, i) => probabilities[2 * i + positive]!);
  const order = argsort(scores);
  let actual = 0;
  for (let i = 0; i < rows; i++) if (targets[i] === positive) actual++;
  if (actual === 0 || actual === rows) return [];
  const curve: ThresholdPoint[] = [];
  let [at, hitsBelow] = [0, 0];
  for (let g = 0; g <= points; g++) {
    const rank = Math.min(rows - 1, Math.round((g * rows) / (points + 1)));
    const threshold = scores[order[rank]!]!;
    if (curve.at(-1)?.threshold === threshold) continue;
    for (; at < rows && scores[order[at]!]! < threshold; at++) if (targets[order[at]!] === positive) hitsBelow++;
    const [truePositives, falsePositives] = [actual - hitsBelow, rows - at - (actual - hitsBelow)];
    // Row-major [true, predicted] with the positive class second.
    const counts = Float64Array.of(at - hitsBelow, falsePositives, hitsBelow, truePositives);
    const score = (name: 'f1' | 'balanced_accuracy' | 'mcc' | 'accuracy') => scoreConfusion(name, counts, 2, 1);
    curve.push({
      threshold,
      precision: truePositives / (truePositives + falsePositives),
      recall: truePositives / actual,
      f1: score('f1'),
      balanced_accuracy: score('balanced_accuracy'),
      mcc: score('mcc'),
      accuracy: score('accuracy'),
    });
  }
  return curve;
}
