import { countOf, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

/** Mean over the last `axes` axes, which go away: [K, N, C, H, W] with 2 axes gives [K, N, C]. Lin, Chen and Yan (2014). */
export const globalAveragePool: Operator<{ axes: number }> = {
  name: 'global-average-pool',
  shape: ([x], { axes }) => {
    if (axes < 1 || axes >= x!.length) throw new ShapeError(`${showShape(x!)} has no ${axes} axes to pool.`);
    return x!.slice(0, -axes);
  },
  cost: outputCost,
  layouts: (_block, [x], output) =>
    output.length === 3 && x!.layout === 'blocked' ? { inputs: ['blocked'], output: 'plain' } : null,
  emit: (e, [x], output, { axes }) => {
    if (x!.layout === 'blocked') {
      const places = countOf(x!.shape.slice(-axes));
      const sum = e.blocks!.sumPlaces(x!.name, x!.shape);
      return { output: e.reshape(e.mul(sum, e.scalar(1 / places)), output) };
    }
    const pooled = Array.from({ length: axes }, (_, i) => output.length + i);
    return { output: e.op('ReduceMean', [x!.name, e.graph.int64(pooled)], { keepdims: 0 }) };
  },
  gradient: (e, { inputs, output, gradient }) => {
    const shape = sizes(inputs[0]!.shape);
    const pooled = shape.slice(output.shape.length);
    const share = e.mul(gradient, e.scalar(1 / pooled.reduce((a, b) => a * b, 1)));
    if (inputs[0]!.layout === 'blocked')
      return [e.blocks!.spread(share, [...output.shape, ...pooled.map(() => 1)], pooled)];
    const column = e.reshape(share, [...output.shape, ...pooled.map(() => 1)]);
    return [e.op('Expand', [column, e.graph.int64(shape)])];
  },
};
