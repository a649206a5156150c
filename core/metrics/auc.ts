/** Area under the ROC curve. */
import { argsort } from '../math/sort.ts';
import type { Evaluator } from './types.ts';

/** AUC of one score against "is class `positive`"; ties count half; NaN when only one side occurs. */
function binaryAuc(targets: ArrayLike<number>, scores: Float32Array, positive: number): Evaluator {
  const order = argsort(scores);
  const n = order.length;
  return (weights) => {
    let negatives = 0;
    let positives = 0;
    let area = 0;
    let at = 0;
    while (at < n) {
      const value = scores[order[at]!]!;
      let tiedNegatives = 0;
      let tiedPositives = 0;
      while (at < n && scores[order[at]!]! === value) {
        const row = order[at++]!;
        const weight = weights ? weights[row]! : 1;
        if (targets[row] === positive) tiedPositives += weight;
        else tiedNegatives += weight;
      }
      area += tiedPositives * (negatives + tiedNegatives / 2);
      negatives += tiedNegatives;
      positives += tiedPositives;
    }
    return area / (negatives * positives);
  };
}

/**
 * `roc_auc`. Binary: the score is the probability of class 1. More classes: mean of one-against-rest areas over classes
 * that occur (scikit-learn's multi_class="ovr", average="macro").
 */
export function rocAuc(targets: ArrayLike<number>, predictions: Float32Array, classes: number): Evaluator {
  const rows = targets.length;
  const column = (c: number) => Float32Array.from({ length: rows }, (_, i) => predictions[i * classes + c]!);
  if (classes === 2) return binaryAuc(targets, column(1), 1);
  const parts = Array.from({ length: classes }, (_, c) => binaryAuc(targets, column(c), c));
  return (weights) => {
    const areas = parts.map((part) => part(weights)).filter((area) => !Number.isNaN(area));
    return areas.reduce((sum, area) => sum + area, 0) / areas.length;
  };
}
