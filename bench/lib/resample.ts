/** What other seeds might have shown. */
import { Random } from '#core/math/random.ts';

const RESAMPLES = 1000;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);

/** 95 % of a statistic where the values of each part are drawn anew, with replacement. */
export function resampledInterval(
  parts: readonly (readonly number[])[],
  statistic: (drawn: readonly (readonly number[])[]) => number,
): [number, number] {
  const random = new Random(1);
  const found = Float64Array.from({ length: RESAMPLES }, () =>
    statistic(parts.map((part) => part.map(() => part[random.integer(part.length)]!))),
  ).sort();
  return [found[Math.floor(0.025 * RESAMPLES)]!, found[Math.ceil(0.975 * RESAMPLES) - 1]!];
}
