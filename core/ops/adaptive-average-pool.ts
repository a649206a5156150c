import { sizes } from '../ir/shape.ts';
import { type AdaptivePoolAttributes, adaptiveShape, adaptiveWindows, evenPool } from './adaptive-pool.ts';
import { averagePool } from './average-pool.ts';
import { type Operator, outputCost } from './operator.ts';
import { lastSizes } from './pool.ts';
import { type AxisMap, alongAxes } from './separable.ts';
import { product } from './window.ts';

/** The averaging of one axis: a column for every place. */
function averaging(size: number, places: number): AxisMap {
  const weights = new Float64Array(size * places);
  adaptiveWindows(size, places).forEach(({ from, to }, place) => {
    for (let at = from; at < to; at++) weights[at * places + place] = 1 / (to - from);
  });
  return { from: size, to: places, weights };
}

const maps = (size: readonly number[], places: readonly number[]): AxisMap[] =>
  size.map((s, i) => averaging(s, places[i]!));

/** Mean over windows that cut the last 1 to 3 axes into `places` each, whatever their size. */
export const adaptiveAveragePool: Operator<AdaptivePoolAttributes> = {
  name: 'adaptive-average-pool',
  shape: ([x], attributes) => adaptiveShape(x!, attributes),
  cost: outputCost,
  layouts: (block, inputs, output, attributes) => {
    const even = evenPool(inputs[0]!.shape, attributes);
    return even && averagePool.layouts!(block, inputs, output, even);
  },
  emit: (e, inputs, output, attributes) => {
    const [{ name, shape }] = inputs as [(typeof inputs)[number]];
    const even = evenPool(shape, attributes);
    if (even) return averagePool.emit(e, inputs, output, even);
    const axes = attributes.places.length;
    const rows = product(shape.slice(0, -axes));
    const pooled = alongAxes(e, name, rows, maps(lastSizes(shape, axes), attributes.places), false);
    return { output: e.reshape(pooled, output) };
  },
  gradient: (e, call) => {
    const { shape } = call.inputs[0]!;
    const even = evenPool(shape, call.attributes);
    if (even) return averagePool.gradient(e, { ...call, attributes: even });
    const { places } = call.attributes;
    const rows = product(shape.slice(0, -places.length));
    const back = alongAxes(e, call.gradient, rows, maps(lastSizes(shape, places.length), places), true);
    return [e.reshape(back, sizes(shape))];
  },
};
