/** Gradient noise (Neelakantan and others 2015): helps deep networks out of poor starts. */
import type { Emitter } from '../ops/emitter.ts';
import { normalNoise } from '../ops/normal-noise.ts';

/** Deviation of the noise at update `t` (from 0): sqrt(eta / (1 + t)^0.55). */
export const gradientNoiseAt = (eta: number, t: number): number => Math.sqrt(eta / (1 + t) ** 0.55);

/** `gradient` [K, n] plus normal noise of `deviation` [K, 1]. */
export function emitGradientNoise(
  e: Emitter,
  gradient: string,
  shape: readonly [number, number],
  deviation: string,
): string {
  return e.add(gradient, e.mul(normalNoise(e, shape), deviation));
}
