/** Blocks over images [K, N, C, H, W]. */
import type { NetworkBuilder, Value } from '../../../ir/network.ts';
import { sizes } from '../../../ir/shape.ts';
import { fixed, size, weight, within } from './block.ts';

const small = (x: Value): boolean => Math.min(size(x, 3), size(x, 4)) < 2;
const large = (x: Value): boolean => Math.max(size(x, 3), size(x, 4)) > 4;

/** Moved by offsets, so that maxima are not tied: TensorFlow.js does not share the gradient of those. */
const apart = (net: NetworkBuilder, x: Value, at: number): Value =>
  net.apply('add', [x, fixed(net, at, 'o', x.shape, 'signed')]);

export const imageBlocks = within('image', {
  conv: (net, x, width, at) => {
    const w = weight(net, `w${at}`, [size(x, 0), width, size(x, 2), 3, 3]);
    return net.apply('conv', [x, w, weight(net, `b${at}`, [size(x, 0), width])], { pads: [1, 1, 1, 1] });
  },
  pointwise: (net, x, width, at) =>
    net.apply('conv', [x, weight(net, `w${at}`, [size(x, 0), width, size(x, 2), 1, 1])]),
  depthwise: (net, x, _width, at) => {
    const w = weight(net, `w${at}`, [size(x, 0), size(x, 2), 1, 2, 2]);
    return net.apply('conv', [x, w], { group: size(x, 2), pads: [1, 1, 0, 0] });
  },
  strided: (net, x, width, at) => {
    const w = weight(net, `w${at}`, [size(x, 0), width, size(x, 2), 2, 2]);
    return net.apply('conv', [x, w], { strides: [2, 2], pads: [1, 1, 0, 0] });
  },
  transposed: (net, x, width, at) => {
    if (large(x)) return x;
    const w = weight(net, `w${at}`, [size(x, 0), size(x, 2), width, 2, 2]);
    return net.apply('conv-transpose', [x, w], { strides: [2, 2] });
  },
  'max-pool': (net, x, _width, at) => (small(x) ? x : net.apply('max-pool', [apart(net, x, at)], { kernel: [2, 2] })),
  overlapping: (net, x, _width, at) =>
    small(x) ? x : net.apply('max-pool', [apart(net, x, at)], { kernel: [2, 2], strides: [1, 1] }),
  'average-pool': (net, x) => net.apply('average-pool', [x], { kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }),
  'adaptive-max-pool': (net, x, _width, at) =>
    small(x) ? x : net.apply('adaptive-max-pool', [apart(net, x, at)], { places: [2, 1] }),
  'adaptive-average-pool': (net, x) => (small(x) ? x : net.apply('adaptive-average-pool', [x], { places: [1, 2] })),
  nearest: (net, x) => (large(x) ? x : net.apply('resize', [x], { mode: 'nearest', factors: [2, 2] })),
  linear: (net, x) => (large(x) ? x : net.apply('resize', [x], { mode: 'linear', factors: [2, 2] })),
  'batch-norm': (net, x) => net.apply('batch-norm', [x], { axes: [1, 3, 4], epsilon: 0.1 }),
  tanh: (net, x) => net.apply('tanh', [x]),
  'leaky-relu': (net, x) => net.apply('leaky-relu', [x], { slope: 0.2 }),
  excite: (net, x) => {
    const pooled = net.apply('sigmoid', [net.apply('global-average-pool', [x], { axes: 2 })]);
    const shape = [...sizes(pooled.shape), 1, 1];
    return net.apply('mul', [x, net.apply('reshape', [pooled], { shape })]);
  },
});
