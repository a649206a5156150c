/** Gaussian process regression on a given kernel matrix (Rasmussen and Williams 2006, algorithm 2.1). */
import { backward, cholesky, forward } from '../math/cholesky.ts';

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

/** Variance that the observations explain at one point: k^T (K + noise)^-1 k. `row` is overwritten. */
export function explained(fit: GaussianFit, row: Float64Array): number {
  const white = forward(fit.factor, row.length, row);
  let sum = 0;
  for (const w of white) sum += w * w;
  return sum;
}
