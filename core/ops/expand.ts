import { broadcast, equalShapes, type Shape, ShapeError, showShape } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { type Emitted, type Operator, outputCost } from './operator.ts';

/** The sizes of `shape` as a tensor; a size that is still a name is read off the axis of `like` that has it. */
function sizesLike(e: Emitter, shape: Shape, like: Emitted | undefined): string {
  if (shape.every((d) => typeof d === 'number')) return e.graph.int64(shape);
  const parts = shape.map((d) => {
    if (typeof d === 'number') return e.graph.int64([d]);
    const axis = like ? like.shape.indexOf(d) : -1;
    if (axis < 0) throw new ShapeError(`Size ${d} of ${showShape(shape)} is not bound.`);
    return e.op('Shape', [like!.name], { start: axis, end: axis + 1 });
  });
  return e.op('Concat', parts, { axis: 0 });
}

/**
 * Repeats axes of size 1 up to `shape`, which may have more axes in front. Named sizes in it come from the second
 * input, which gets no gradient.
 */
export const expand: Operator<{ shape: readonly (number | string)[] }> = {
  name: 'expand',
  shape: ([x], { shape }) => {
    if (!equalShapes(broadcast(x!, shape), shape)) {
      throw new ShapeError(`${showShape(x!)} cannot be repeated up to ${showShape(shape)}.`);
    }
    return shape;
  },
  cost: outputCost,
  emit: (e, [x, like], shape) => ({ output: e.op('Expand', [x!.name, sizesLike(e, shape, like)]) }),
  gradient: (e, { inputs, output, gradient }) =>
    [e.sumTo(gradient, output.shape, inputs[0]!.shape), null].slice(0, inputs.length),
};
