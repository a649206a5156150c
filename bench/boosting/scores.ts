/** Scores of predictions [n, classes], computed here so that ours and a peer's are judged by the same code. */
import type { Target } from '#core/contracts/learner.ts';

/** AUC for two classes, log loss and accuracy for classes, RMSE in units of the target for regression. */
export function scorePredictions(
  predictions: ArrayLike<number>,
  target: Target,
  rows: Int32Array,
  scale: number,
): Record<string, number> {
  const { problem, classes, values } = target;
  if (problem === 'regression') {
    let sum = 0;
    rows.forEach((row, i) => {
      sum += (predictions[i]! - values[row]!) ** 2;
    });
    return { rmse: scale * Math.sqrt(sum / rows.length) };
  }
  let loss = 0;
  let right = 0;
  rows.forEach((row, i) => {
    const label = values[row]!;
    loss -= Math.log(Math.max(1e-15, predictions[i * classes + label]!));
    let best = 0;
    for (let k = 1; k < classes; k++) if (predictions[i * classes + k]! > predictions[i * classes + best]!) best = k;
    if (best === label) right++;
  });
  const scores: Record<string, number> = { log_loss: loss / rows.length, accuracy: right / rows.length };
  if (problem === 'binary') {
    const positive = Array.from(rows, (row) => values[row]! === 1);
    scores.roc_auc = areaUnderCurve(
      Array.from(rows, (_, i) => predictions[2 * i + 1]!),
      positive,
    );
  }
  return scores;
}

function areaUnderCurve(scores: readonly number[], positive: readonly boolean[]): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && scores[order[j]!] === scores[order[i]!]) j++;
    const rank = (i + j + 1) / 2;
    for (; i < j; i++) {
      if (!positive[order[i]!]) continue;
      rankSum += rank;
      positives++;
    }
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
