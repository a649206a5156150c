/** What early stopping watches for a metric; undefined: the loss itself. */
import { quantileOf } from '../../metrics/regression.ts';
import { type LossData, squaredLoss } from '../../trees/losses.ts';
import { pinballMean } from '../../trees/number-losses.ts';

/**
 * Ranking metrics watch the log loss, squared metrics the root of the squared error, absolute ones that of the median.
 * @param logs scores are logarithms of the targets
 */
export function watchedMetric(
  metric: string,
  logs: boolean,
): ((scores: Float64Array, data: LossData) => number) | undefined {
  const level = quantileOf(metric);
  const plain = level === null ? squaredLoss.mean : pinballMean(level);
  if (logs) return (scores, data) => plain(scores.map(Math.exp), data);
  return level === null ? undefined : plain;
}
