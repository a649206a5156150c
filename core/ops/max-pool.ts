import { countOf, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { type GradientCall, type Operator, outputCost } from './operator.ts';
import {
  asPlanes,
  isTiling,
  lastSizes,
  type PoolAttributes,
  poolKernels,
  poolLayouts,
  poolShape,
  poolWindow,
} from './pool.ts';
import { transposedConv } from './transposed-conv.ts';
import { onnxWindow, type Window } from './window.ts';

/** Below everything that a network computes. */
const LOWEST = -1e38;

/**
 * Largest element of every window over the last 1 to 3 axes; tied maxima share the gradient. The gradient is a mask of
 * the elements that equal their window's maximum: the kernel's own indices are slow, and GPU kernels have none.
 */
export const maxPool: Operator<PoolAttributes> = {
  name: 'max-pool',
  shape: ([x], attributes) => poolShape(x!, attributes),
  cost: outputCost,
  layouts: (_block, inputs, _output, attributes) =>
    isTiling(poolWindow(attributes)) ? poolLayouts(attributes.kernel.length, inputs) : null,
  emit: (e, [x], output, attributes) => {
    const window = poolWindow(attributes);
    const axes = window.kernel.length;
    const kernels = poolKernels(e, x!, axes);
    const seen = kernels.view(x!.name, lastSizes(x!.shape, axes));
    const exact = e.type === 'float64' && e.mode === 'training';
    // Doubles have no Resize; the first maximum is as good where none tie.
    const [y, ...indices] = exact
      ? e.ops('MaxPool', [seen], onnxWindow(window), { outputs: 2 })
      : [kernels.max(seen, window)];
    return { output: e.reshape(y!, output), saved: [seen, y!, ...indices] };
  },
  gradient: (e, call) => {
    const window = poolWindow(call.attributes);
    if (call.saved[2] !== undefined) return [byIndices(e, call, call.saved[2])];
    return [isTiling(window) ? byMask(e, call, window) : byTaps(e, call, window)];
  },
};

type Call = GradientCall<PoolAttributes>;

function byIndices(e: Emitter, { inputs, output, gradient }: Call, indices: string): string {
  const { shape } = inputs[0]!;
  const [from, to] = [countOf(shape), countOf(output.shape)];
  const zeros = e.constant(new Float32Array(from), [from]);
  const flat = [e.reshape(indices, [to]), e.reshape(gradient, [to])];
  return e.reshape(e.op('ScatterElements', [zeros, ...flat], { axis: 0, reduction: 'add' }), shape);
}

/** Where windows tile the input: results and gradients repeated over their windows. */
function byMask(e: Emitter, { inputs, output, saved, gradient }: Call, window: Window): string {
  const { shape } = inputs[0]!;
  const axes = window.kernel.length;
  const kernels = poolKernels(e, inputs[0]!, axes);
  const [size, places] = [lastSizes(shape, axes), lastSizes(output.shape, axes)];
  const [seen, y] = saved as [string, string];
  const largest = e.cast(e.op('Equal', [seen, kernels.repeat(y, window, size, places)]));
  const tied = e.mul(kernels.average(largest, window), e.scalar(window.kernel.reduce((a, b) => a * b)));
  const share = e.div(kernels.view(gradient, places), tied);
  return e.reshape(e.mul(kernels.repeat(share, window, size, places), largest), shape);
}

/**
 * Where they overlap: what every tap of a window reads, by a convolution that copies, compared with the window's maximum;
 * a transposed convolution takes the shares back.
 */
function byTaps(e: Emitter, { inputs, output, saved, gradient }: Call, window: Window): string {
  const { kernel, pads } = window;
  const shape = sizes(inputs[0]!.shape);
  const axes = kernel.length;
  const taps = kernel.reduce((a, b) => a * b, 1);
  const [seen, y] = saved as [string, string];
  const one = new Float32Array(taps * taps);
  for (let t = 0; t < taps; t++) one[t * taps + t] = 1;
  const copies = e.constant(one, [taps, 1, ...kernel]);
  const lead = [0, 0];
  const padding = e.graph.int64([...lead, ...pads.slice(0, axes), ...lead, ...pads.slice(axes)]);
  const padded = pads.every((p) => p === 0) ? seen : e.op('Pad', [seen, padding, e.scalar(LOWEST)]);
  const unpadded = { ...window, pads: pads.map(() => 0) };
  const read = e.op('Conv', [padded, copies], onnxWindow(unpadded));
  const largest = e.cast(e.op('Equal', [read, y]));
  const ties = e.reduceSum(largest, [1]);
  const share = e.div(asPlanes(e, gradient, output.shape, axes).name, ties);
  const [size, places] = [lastSizes(shape, axes), lastSizes(output.shape, axes)];
  const rest = size.map((s, i) => {
    const reach = window.dilations[i]! * (kernel[i]! - 1) + 1;
    return s + pads[i]! + pads[axes + i]! - (places[i]! - 1) * window.strides[i]! - reach;
  });
  const shares = { name: e.mul(largest, share), shape: [countOf(shape.slice(0, -axes)), taps, ...places] };
  const weights = { name: copies, shape: [taps, 1, ...kernel] };
  return e.reshape(transposedConv(e, shares, weights, window, rest, 1), shape);
}
