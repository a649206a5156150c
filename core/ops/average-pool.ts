import { sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { type Operator, outputCost } from './operator.ts';
import { isTiling, lastSizes, type PoolAttributes, poolKernels, poolLayouts, poolShape, poolWindow } from './pool.ts';
import { transposedConv } from './transposed-conv.ts';
import { eachRead, type Window } from './window.ts';

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** How many elements, padding aside, each window reads. */
function reads(window: Window, size: readonly number[], places: readonly number[]): number[] {
  const list = new Array<number>(count(places)).fill(0);
  eachRead(window, size, places, (_from, _tap, to) => {
    list[to]!++;
  });
  return list;
}

/** The averaging as a matrix [size, places], for float64, which has no pooling kernel. */
function averages(e: Emitter, window: Window, size: readonly number[], places: readonly number[]): string {
  const dims = [count(size), count(places)] as const;
  const weights = reads(window, size, places).map((n) => 1 / n);
  const values = new Float64Array(dims[0] * dims[1]);
  eachRead(window, size, places, (from, _tap, to) => {
    values[from * dims[1] + to] = weights[to]!;
  });
  return e.constant(values, dims);
}

/** Mean of every window over the last 1 to 3 axes; padding does not count. */
export const averagePool: Operator<PoolAttributes> = {
  name: 'average-pool',
  shape: ([x], attributes) => poolShape(x!, attributes),
  cost: outputCost,
  layouts: (_block, inputs, _output, attributes) =>
    isTiling(poolWindow(attributes)) ? poolLayouts(attributes.kernel.length, inputs) : null,
  emit: (e, [x], output, attributes) => {
    const window = poolWindow(attributes);
    const axes = window.kernel.length;
    if (e.type === 'float64') {
      const [size, places] = [lastSizes(x!.shape, axes), lastSizes(output, axes)];
      const flat = e.reshape(x!.name, [-1, count(size)]);
      return { output: e.reshape(e.op('MatMul', [flat, averages(e, window, size, places)]), output) };
    }
    const kernels = poolKernels(e, x!, axes);
    const seen = kernels.view(x!.name, lastSizes(x!.shape, axes));
    return { output: e.reshape(kernels.average(seen, window), output) };
  },
  gradient: (e, { inputs, output, gradient, attributes }) => {
    const window = poolWindow(attributes);
    const axes = window.kernel.length;
    const shape = sizes(inputs[0]!.shape);
    const [size, places] = [lastSizes(shape, axes), lastSizes(output.shape, axes)];
    if (e.type === 'float64') {
      const matrix = { name: averages(e, window, size, places), shape: [count(size), count(places)] };
      const flat = e.reshape(gradient, [-1, count(places)]);
      return [e.reshape(e.matmul({ name: flat, shape: [1, count(places)] }, matrix, false, true), shape)];
    }
    const weights = reads(window, size, places).map((n) => 1 / n);
    const even = weights.every((v) => v === weights[0]);
    const kernels = poolKernels(e, inputs[0]!, axes);
    const planes = kernels.view(gradient, places);
    const share = e.mul(planes, even ? e.scalar(weights[0]!) : e.constant(weights, places));
    if (isTiling(window)) return [e.reshape(kernels.repeat(share, window, size, places), shape)];
    const { strides, dilations, pads, kernel } = window;
    const rest = size.map(
      (s, i) =>
        s + pads[i]! + pads[axes + i]! - ((places[i]! - 1) * strides[i]! + dilations[i]! * (kernel[i]! - 1) + 1),
    );
    const taps = [1, 1, ...kernel];
    const ones = { name: e.constant(new Float32Array(count(kernel)).fill(1), taps), shape: taps };
    const shares = { name: share, shape: [count(shape.slice(0, -axes)), 1, ...places] };
    return [e.reshape(transposedConv(e, shares, ones, window, rest, 1), shape)];
  },
};
