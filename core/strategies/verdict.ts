/** Was the search worth it: its best model against its best random design, on the same validation rows. */
import type { Verdict } from '../contracts/result.ts';
import type { MetricName } from '../contracts/task.ts';
import { bootstrapInterval, pairedInterval } from '../metrics/bootstrap.ts';
import { directionOf } from '../metrics/evaluate.ts';
import type { Evaluator } from '../metrics/types.ts';

/**
 * `better` or `worse` when the 95 % interval of the paired difference leaves out 0 (each bootstrap sample of rows scores
 * both), else `tie`. `value`, `low` and `high` are the random design's score.
 * @param best the search's best, @param random the best random design: evaluators on the same `rows` rows
 */
export function judge(metric: MetricName, best: Evaluator, random: Evaluator, rows: number, seed: number): Verdict {
  const { low, high } = bootstrapInterval(random, rows, { seed });
  const difference = pairedInterval(best, random, rows, { seed });
  const sign = directionOf(metric) === 'maximize' ? 1 : -1;
  const above = sign > 0 ? difference.low : -difference.high;
  const below = sign > 0 ? difference.high : -difference.low;
  return { value: random(), low, high, verdict: above > 0 ? 'better' : below < 0 ? 'worse' : 'tie' };
}
