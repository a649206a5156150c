/** Gaussian process regression on a given kernel matrix (Rasmussen and Williams 2006, algorithm 2.1). */
import { backward, cholesky, forward, forwardRows } from '../math/cholesky.ts';

export interface GaussianFit {
  /** Lower Cholesky factor of K + noise, [n, n]. */
  readonly factor: Float64Array;
  /** (K + noise)^-1 (y - mean) */
  readonly alpha: Float64Array;
  readonly logEvidence: number;
}

/**
 * The lower Cholesky factor of K + noise, [n, n].
 * @param kernel [n, n], not changed
 * @param noise variance
 * @returns null where the kernel is singular
 */
export function factorKernel(kernel: Float64Array, n: number, noise: number): Float64Array | null {
  const factor = kernel.slice();
  for (let i = 0; i < n; i++) factor[i * n + i]! += noise;
  return cholesky(factor, n) ? factor : null;
}

/** @param residuals targets less the prior mean */
export function solveGaussian(factor: Float64Array, residuals: Float64Array): GaussianFit {
  const n = residuals.length;
  const white = forward(factor, n, residuals.slice());
  let logEvidence = -0.5 * n * Math.log(2 * Math.PI);
  for (let i = 0; i < n; i++) logEvidence -= 0.5 * white[i]! ** 2 + Math.log(factor[i * n + i]!);
  return { factor, alpha: backward(factor, n, white), logEvidence };
}

/**
 * Variance that the observations explain at each point: k^T (K + noise)^-1 k.
 * @param cross covariances of points and observations, [count, n]; overwritten
 */
export function explained({ factor }: GaussianFit, cross: Float64Array, count: number): Float64Array {
  const n = count > 0 ? cross.length / count : 0;
  forwardRows(factor, n, cross, count);
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let k = i * n; k < (i + 1) * n; k++) sum += cross[k]! ** 2;
    return sum;
  });
}

/** Observations that an amplitude of 1 is worth before any were made. */
const PRIOR_OBSERVATIONS = 6;

/**
 * The same with an amplitude of the kernel that is not known but drawn from the inverse gamma distribution around 1
 * (Student-t process; Shah, Wilson and Ghahramani 2014): what variances are to be multiplied with, and the evidence up
 * to a constant that depends on the number of observations alone.
 * @param residuals what `fit` was solved for
 */
export function scaledEvidence(fit: GaussianFit, residuals: Float64Array): { amplitude: number; logEvidence: number } {
  const n = residuals.length;
  const quadratic = residuals.reduce((sum, r, i) => sum + r * fit.alpha[i]!, 0);
  const freedom = PRIOR_OBSERVATIONS + n;
  return {
    amplitude: (PRIOR_OBSERVATIONS + quadratic) / freedom,
    logEvidence: fit.logEvidence + 0.5 * quadratic - 0.5 * freedom * Math.log1p(quadratic / PRIOR_OBSERVATIONS),
  };
}
