import { ShapeError, showShape, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';
import { asPlanes, lastSizes, poolKernels, poolLayouts } from './pool.ts';
import { type AxisMap, alongAxes } from './separable.ts';
import { product, windowOf } from './window.ts';

export type ResizeAttributes = { mode: 'nearest' | 'linear'; factors: readonly number[] };

/** Weights [size, size · factor] of one axis: pixel centres at halves, edges repeated. */
function interpolation(mode: string, size: number, factor: number): Float64Array {
  const wide = size * factor;
  const weights = new Float64Array(size * wide);
  for (let to = 0; to < wide; to++) {
    if (mode === 'nearest') weights[Math.floor(to / factor) * wide + to] = 1;
    else {
      const at = Math.min(Math.max((to + 0.5) / factor - 0.5, 0), size - 1);
      const low = Math.floor(at);
      weights[low * wide + to]! += low + 1 - at;
      weights[Math.min(low + 1, size - 1) * wide + to]! += at - low;
    }
  }
  return weights;
}

const maps = ({ mode, factors }: ResizeAttributes, size: readonly number[]): AxisMap[] =>
  size.map((s, i) => ({ from: s, to: s * factors[i]!, weights: interpolation(mode, s, factors[i]!) }));

/** Enlarges the last 1 to 3 axes by whole factors: `nearest` repeats, `linear` interpolates between pixel centres. */
export const resize: Operator<ResizeAttributes> = {
  name: 'resize',
  shape: ([x], { factors }) => {
    const axes = factors.length;
    const whole = factors.every((f) => Number.isInteger(f) && f >= 1);
    if (axes < 1 || axes > 3 || x!.length <= axes || !whole) {
      throw new ShapeError(`${showShape(x!)} cannot be enlarged by ${showShape(factors)}.`);
    }
    return [...x!.slice(0, -axes), ...lastSizes(x!, axes).map((s, i) => s * factors[i]!)];
  },
  cost: outputCost,
  layouts: (_block, inputs, _output, { mode, factors }) =>
    mode === 'nearest' ? poolLayouts(factors.length, inputs) : null,
  emit: (e, [x], output, attributes) => {
    const { mode, factors } = attributes;
    const axes = factors.length;
    const planes = asPlanes(e, x!.name, x!.shape, axes).name;
    if (e.type === 'float64') {
      const rows = product(x!.shape.slice(0, -axes));
      const wide = alongAxes(e, planes, rows, maps(attributes, lastSizes(x!.shape, axes)), false);
      return { output: e.reshape(wide, output) };
    }
    if (x!.layout === 'blocked') {
      const window = windowOf(factors, {});
      const [size, kernels] = [lastSizes(x!.shape, axes), poolKernels(e, x!, axes)];
      const seen = kernels.view(x!.name, size);
      const places = size.map((s, i) => s * factors[i]!);
      return { output: e.reshape(kernels.repeat(seen, window, places, size), output) };
    }
    const wide = e.op('Resize', [planes, '', e.graph.float32([1, 1, ...factors])], {
      mode,
      coordinate_transformation_mode: mode === 'nearest' ? 'asymmetric' : 'half_pixel',
      nearest_mode: 'floor',
    });
    return { output: e.reshape(wide, output) };
  },
  gradient: (e, { inputs, output, gradient, attributes }) => {
    const { mode, factors } = attributes;
    const shape = sizes(inputs[0]!.shape);
    const axes = factors.length;
    const kernels = poolKernels(e, inputs[0]!, axes);
    const planes = kernels.view(gradient, lastSizes(output.shape, axes));
    if (mode === 'linear' || e.type === 'float64') {
      const rows = product(shape.slice(0, -axes));
      return [e.reshape(alongAxes(e, planes, rows, maps(attributes, lastSizes(shape, axes)), true), shape)];
    }
    const means = kernels.average(planes, windowOf(factors, { strides: factors }));
    return [e.reshape(e.mul(means, e.scalar(factors.reduce((a, b) => a * b, 1))), shape)];
  },
};
