import type { Emitter } from './emitter.ts';

/** Standard normal numbers of `shape`, made of the uniform ones of the emitter's noise by Box and Muller (1958). */
export function normalNoise(e: Emitter, shape: readonly number[]): string {
  if (!e.noise) throw new TypeError('Normal numbers need a source of noise.');
  const [u, v] = [e.noise.uniform(shape), e.noise.uniform(shape)];
  const radius = e.op('Sqrt', [e.mul(e.op('Log', [e.sub(e.scalar(1), u)]), e.scalar(-2))]);
  return e.mul(radius, e.op('Cos', [e.mul(v, e.scalar(2 * Math.PI))]));
}
