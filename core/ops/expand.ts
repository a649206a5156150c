import { broadcast, equalShapes, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

/** Repeats axes of size 1 up to `shape`, which may have more axes in front. */
export const expand: Operator<{ shape: readonly number[] }> = {
  name: 'expand',
  shape: ([x], { shape }) => {
    if (!equalShapes(broadcast(x!, shape), shape)) {
      throw new ShapeError(`${showShape(x!)} cannot be repeated up to ${showShape(shape)}.`);
    }
    return shape;
  },
  cost: outputCost,
  emit: (e, [x], shape) => ({ output: e.op('Expand', [x!.name, e.graph.int64(sizes(shape))]) }),
  gradient: (e, { inputs, output, gradient }) => [e.sumTo(gradient, output.shape, inputs[0]!.shape)],
};
