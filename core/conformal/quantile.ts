/** The quantile of split conformal prediction, with its correction for a finite number of rows. */

/**
 * The `ceil((n + 1) · level)`-th smallest of `scores`: a new score from the same distribution is no larger with a
 * probability of at least `level` (Vovk, Gammerman and Shafer 2005). Infinity where there are too few scores for it.
 */
export function conformalQuantile(scores: Float64Array, level: number): number {
  const rank = Math.ceil((scores.length + 1) * level - 1e-9);
  if (rank > scores.length) return Number.POSITIVE_INFINITY;
  return Float64Array.from(scores).sort()[Math.max(rank, 1) - 1]!;
}
