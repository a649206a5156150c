/** Random numbers of augmentations: one a row, in [low, high). */
import type { Emitter } from '../ops/emitter.ts';

/** A number for every row of x [K, N, ...], in a shape that broadcasts over it. */
export function perRow(e: Emitter, shape: readonly number[], low: number, high: number): string {
  if (!e.noise) throw new TypeError('Augmentation needs a source of noise.');
  const uniform = e.noise.uniform(shape.map((d, i) => (i < 2 ? d : 1)));
  return e.add(e.mul(uniform, e.scalar(high - low)), e.scalar(low));
}

/** 1 for rows that are changed, with probability `probability`, else 0. */
export function coin(e: Emitter, shape: readonly number[], probability: number): string {
  const drawn = perRow(e, shape, 0, 1);
  return e.cast(e.op('Less', [drawn, e.scalar(probability)]));
}

/** Whole numbers from `low` to `high` per row, as float32. */
export function wholePerRow(e: Emitter, shape: readonly number[], low: number, high: number): string {
  return e.op('Floor', [perRow(e, shape, low, high + 1)]);
}

/** 0, 1, 2, … along `axis` of a value of this shape, broadcasting over the others. */
export function places(e: Emitter, shape: readonly number[], axis: number): string {
  const count = shape[axis]!;
  return e.constant(
    Array.from({ length: count }, (_, i) => i),
    shape.map((_, i) => (i === axis ? count : 1)),
  );
}
