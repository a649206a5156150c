import { factorsOf, type Shape, ShapeError, showShape } from '../ir/shape.ts';
import { freeCost, type Operator } from './operator.ts';

const known = (shape: Shape): number => shape.reduce<number>((p, d) => p * factorsOf(d).times, 1);
const open = (shape: Shape): string =>
  shape
    .flatMap((d) => factorsOf(d).name || [])
    .sort()
    .join();

/** The same elements in another shape; named sizes must be the same on both sides. */
export const reshape: Operator<{ shape: readonly (number | string)[] }> = {
  name: 'reshape',
  shape: ([x], { shape }) => {
    if (known(x!) !== known(shape) || open(x!) !== open(shape)) {
      throw new ShapeError(`${showShape(x!)} cannot be viewed as ${showShape(shape)}.`);
    }
    return shape;
  },
  cost: freeCost,
  emit: (e, [x], shape) => ({ output: e.reshape(x!.name, shape) }),
  gradient: (e, { inputs, gradient }) => [e.reshape(gradient, inputs[0]!.shape)],
};
