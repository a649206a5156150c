/** Whether two means differ: Welch's test (1947), which lets each sample have its own variance. */
import { normalQuantile, normalTail } from './normal.ts';

export interface Sample {
  readonly rows: number;
  readonly mean: number;
  /** Unbiased. */
  readonly variance: number;
}

export interface MeanDifference {
  /** Mean of the first less that of the second. */
  readonly value: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** How likely a difference so large is where the first mean is no larger (one-sided). */
  readonly p: number;
}

/** @param a at least two rows; so `b` */
export function compareMeans(a: Sample, b: Sample): MeanDifference {
  const value = a.mean - b.mean;
  const [va, vb] = [a.variance / a.rows, b.variance / b.rows];
  const error = Math.sqrt(va + vb);
  if (error === 0) return { value, low: value, high: value, p: value > 0 ? 0 : 1 };
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.rows - 1) + vb ** 2 / (b.rows - 1));
  const half = error * studentOf(normalQuantile(0.975), freedom);
  return { value, low: value - half, high: value + half, p: studentTail(value / error, freedom) };
}

/** Wallace's approximation (1959) of Student's distribution by the normal one: within 1 % of a tail from 8 degrees on. */
const shrink = (freedom: number): number => (8 * freedom + 1) / (8 * freedom + 3);

/** Share of Student's distribution above `t`. */
export function studentTail(t: number, freedom: number): number {
  const z = shrink(freedom) * Math.sqrt(freedom * Math.log1p(t ** 2 / freedom));
  return normalTail(Math.sign(t) * z);
}

/** The positive value of Student's distribution that stands where `z` stands in the normal one. */
function studentOf(z: number, freedom: number): number {
  return Math.sqrt(freedom * Math.expm1((z / shrink(freedom)) ** 2 / freedom));
}
