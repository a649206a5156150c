/** Gradient noise (Neelakantan and others 2015): helps deep networks out of poor starts. */
import type { Emitter } from '../ops/emitter.ts';

/** Deviation of the noise at update `t` (from 0): sqrt(eta / (1 + t)^0.55). */
export const gradientNoiseAt = (eta: number, t: number): number => Math.sqrt(eta / (1 + t) ** 0.55);

/** `gradient` [K, n] plus normal noise of `deviation` [K, 1], made of uniform numbers by Box and Muller. */
export function emitGradientNoise(
  e: Emitter,
  gradient: string,
  shape: readonly [number, number],
  deviation: string,
): string {
  const [u, v] = [e.noise!.uniform(shape), e.noise!.uniform(shape)];
  const radius = e.op('Sqrt', [e.mul(e.op('Log', [e.sub(e.scalar(1), u)]), e.scalar(-2))]);
  const normal = e.mul(radius, e.op('Cos', [e.mul(v, e.scalar(2 * Math.PI))]));
  return e.add(gradient, e.mul(normal, deviation));
}
