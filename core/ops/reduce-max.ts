import { axisOf } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

/** Largest element over `axes`, which stay as size 1; tied maxima share the gradient. */
export const reduceMax: Operator<{ axes: readonly number[] }> = {
  name: 'reduce-max',
  shape: ([x], { axes }) => {
    const reduced = axes.map((a) => axisOf(x!, a));
    return x!.map((d, i) => (reduced.includes(i) ? 1 : d));
  },
  cost: outputCost,
  emit: (e, [x], _shape, { axes }) => {
    const reduced = e.graph.int64(axes.map((a) => axisOf(x!.shape, a)));
    return { output: e.op('ReduceMax', [x!.name, reduced]) };
  },
  gradient: (e, { inputs, output, gradient }) => {
    const { name, shape } = inputs[0]!;
    const largest = e.cast(e.op('Equal', [name, output.name]));
    const ties = e.sumTo(largest, shape, output.shape);
    return [e.mul(largest, e.div(gradient, ties))];
  },
};
