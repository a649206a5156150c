/** Quantiles of residuals: what leaves hold under the absolute error and other quantile losses. */
import { quantile } from '../math/sort.ts';

/**
 * The value that a share `level` of the weight lies below, linear between neighbours where all weights are equal.
 * @param values reordered; not empty
 * @param weights of the values in their first order
 */
export function leafQuantile(values: Float64Array, level: number, weights?: Float64Array): number {
  if (!weights) return quantile(values.sort(), level);
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const total = weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const i of order) {
    sum += weights[i]!;
    if (sum >= level * total) return values[i]!;
  }
  return values[order.at(-1)!]!;
}
