/** The rate of a dropout at one step. */
import type { Shape } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';

/** `rate` times the step's scale, which broadcasts over a value of `shape`. */
export function dropRate(e: Emitter, shape: Shape, rate: number): string {
  const scale = e.noise?.rateScale;
  return scale ? e.mul(scale(shape), e.scalar(rate)) : e.scalar(rate);
}
