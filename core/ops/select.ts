import { axisOf, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

export type SelectAttributes = { axis: number; indices: readonly number[] };

/** Elements at fixed places along one axis of known size: a reversed, strided or reflected axis, a fixed look-up. */
export const select: Operator<SelectAttributes> = {
  name: 'select',
  shape: ([x], { axis, indices }) => {
    const at = axisOf(x!, axis);
    const size = x![at];
    const within = typeof size === 'number' && indices.every((i) => Number.isInteger(i) && i >= 0 && i < size);
    if (!within || indices.length === 0) {
      throw new ShapeError(`${showShape(x!)} has no places ${indices.join(', ')} on axis ${axis}.`);
    }
    return x!.map((d, i) => (i === at ? indices.length : d));
  },
  cost: outputCost,
  emit: (e, [x], _shape, { axis, indices }) => ({
    output: e.op('Gather', [x!.name, e.graph.int64(indices)], { axis: axisOf(x!.shape, axis) }),
  }),
  // Where every element is taken once, it goes back; else a product with the places as rows of 0 and 1 adds up what was taken more than once.
  gradient: (e, { inputs, output, gradient, attributes }) => {
    const shape = sizes(inputs[0]!.shape);
    const { indices } = attributes;
    const at = axisOf(shape, attributes.axis);
    const count = (from: number, to: number): number => shape.slice(from, to).reduce((a, b) => a * b, 1);
    const size = shape[at]!;
    if (indices.length === size && new Set(indices).size === size) {
      const back = new Int32Array(size);
      indices.forEach((index, i) => {
        back[index] = i;
      });
      return [e.op('Gather', [gradient, e.graph.int64(back)], { axis: at })];
    }
    const places = new Float32Array(size * indices.length);
    indices.forEach((index, i) => {
      places[index * indices.length + i] = 1;
    });
    const matrix = e.constant(places, [size, indices.length]);
    const rows = e.reshape(gradient, [count(0, at), sizes(output.shape)[at]!, count(at + 1, shape.length)]);
    return [e.reshape(e.op('MatMul', [matrix, rows]), shape)];
  },
};
