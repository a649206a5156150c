import { axisOf, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

/** Sum over `axes`, which stay as size 1. */
export const reduceSum: Operator<{ axes: readonly number[] }> = {
  name: 'reduce-sum',
  shape: ([x], { axes }) => {
    const reduced = axes.map((a) => axisOf(x!, a));
    return x!.map((d, i) => (reduced.includes(i) ? 1 : d));
  },
  cost: outputCost,
  emit: (e, [x], _shape, { axes }) => ({
    output: e.reduceSum(
      x!.name,
      axes.map((a) => axisOf(x!.shape, a)),
    ),
  }),
  gradient: (e, { inputs, gradient }) => [e.op('Expand', [gradient, e.graph.int64(sizes(inputs[0]!.shape))])],
};
