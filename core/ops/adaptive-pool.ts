/** Shared by pooling to a given number of places: window i of `places` over `size` elements, as PyTorch cuts them. */
import { type Shape, ShapeError, showShape } from '../ir/shape.ts';
import { lastSizes, type PoolAttributes } from './pool.ts';

export type AdaptivePoolAttributes = { places: readonly number[] };

export function adaptiveShape(x: Shape, { places }: AdaptivePoolAttributes): Shape {
  const axes = places.length;
  const fits = axes >= 1 && axes <= 3 && x.length > axes && places.every((p) => Number.isInteger(p) && p >= 1);
  if (!fits) throw new ShapeError(`${showShape(x)} cannot be pooled to ${showShape(places)} places.`);
  lastSizes(x, axes);
  return [...x.slice(0, -axes), ...places];
}

/** From floor(i · size / places) to, exclusive, ceil((i + 1) · size / places), for each place i. */
export const adaptiveWindows = (size: number, places: number): { from: number; to: number }[] =>
  Array.from({ length: places }, (_, i) => ({
    from: Math.floor((i * size) / places),
    to: Math.ceil(((i + 1) * size) / places),
  }));

/** The plain pooling that is the same where the places divide every axis, else null. */
export function evenPool(x: Shape, { places }: AdaptivePoolAttributes): PoolAttributes | null {
  const size = lastSizes(x, places.length);
  return size.every((s, i) => s % places[i]! === 0) ? { kernel: size.map((s, i) => s / places[i]!) } : null;
}
