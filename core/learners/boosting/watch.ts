/** What early stopping watches for a metric; undefined: the loss itself. */
import type { LossData } from '../../trees/losses.ts';

/** Ranking metrics watch the log loss, squared metrics the root of the squared error. */
export function watchedMetric(metric: string): ((scores: Float64Array, data: LossData) => number) | undefined {
  if (metric === 'mae') return meanAbsoluteError;
  return undefined;
}

function meanAbsoluteError(scores: Float64Array, { targets, weights }: LossData): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < targets.length; i++) {
    const w = weights ? weights[i]! : 1;
    sum += w * Math.abs(scores[i]! - targets[i]!);
    total += w;
  }
  return sum / total;
}
