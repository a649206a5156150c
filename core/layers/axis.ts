/** Sizes that a layer must know when it is built. */
import type { Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';

/** Size of `axis`, which may count from the end. Throws a ShapeError while it is a name or there is none. */
export function sizeOf(x: Value, axis: number): number {
  const size = x.shape.at(axis);
  if (typeof size !== 'number') throw new ShapeError(`Axis ${axis} of ${showShape(x.shape)} must be known.`);
  return size;
}
