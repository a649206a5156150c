import { axisOf, countOf, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

/** Mean over `axes`, which stay as size 1. */
export const reduceMean: Operator<{ axes: readonly number[] }> = {
  name: 'reduce-mean',
  shape: ([x], { axes }) => {
    const reduced = axes.map((a) => axisOf(x!, a));
    return x!.map((d, i) => (reduced.includes(i) ? 1 : d));
  },
  cost: outputCost,
  emit: (e, [x], _shape, { axes }) => ({
    output: e.reduceMean(
      x!.name,
      axes.map((a) => axisOf(x!.shape, a)),
    ),
  }),
  gradient: (e, { inputs, output, gradient }) => {
    const { shape } = inputs[0]!;
    const share = e.mul(gradient, e.scalar(countOf(output.shape) / countOf(shape)));
    return [e.op('Expand', [share, e.graph.int64(sizes(shape))])];
  },
};
