/** Blocks over tokens [K, N, T, F]. */
import type { NetworkBuilder, Value } from '../../../ir/network.ts';
import { sizes } from '../../../ir/shape.ts';
import { activation, type Build, size, weight, within } from './block.ts';

const swapped = (net: NetworkBuilder, x: Value): Value => net.apply('transpose', [x], { perm: [0, 1, 3, 2] });

/** Something over the steps of every feature, [K, N, F, T]. */
const overSteps =
  (build: Build): Build =>
  (net, x, width, at) =>
    swapped(net, build(net, swapped(net, x), width, at));

const recurrent =
  (op: string, gates: number, biases: readonly number[]): Build =>
  (net, x, width, at) => {
    const k = size(x, 0);
    const weights = [size(x, 3), width].map((n, i) => weight(net, `w${at}.${i}`, [k, n, gates * width]));
    const shifts = biases.map((n, i) => weight(net, `b${at}.${i}`, [k, 1, n * width]));
    const first = net.apply('transpose', [x], { perm: [0, 2, 1, 3] });
    return net.apply('transpose', [net.apply(op, [first, ...weights, ...shifts])], { perm: [0, 2, 1, 3] });
  };

export const tokenBlocks = within('tokens', {
  dense: (net, x, width, at) => net.apply('matmul', [x, weight(net, `w${at}`, [size(x, 0), 1, size(x, 3), width])]),
  lstm: recurrent('lstm', 4, [4]),
  gru: recurrent('gru', 3, [3, 1]),
  rotary: (net, x) => (size(x, 3) % 2 === 0 ? net.apply('rotary', [x], { base: 100 }) : x),
  attention: (net, x) => {
    const weights = net.apply('softmax', [net.apply('matmul', [net.apply('tanh', [x]), swapped(net, x)])]);
    return net.apply('matmul', [weights, x]);
  },
  tanh: activation('tanh'),
  silu: activation('silu'),
  'layer-norm': (net, x) => (size(x, 3) > 1 ? net.apply('layer-norm', [x], { epsilon: 0.1 }) : x),
  positions: (net, x, _width, at) =>
    net.apply('add', [x, weight(net, `p${at}`, [size(x, 0), 1, size(x, 2), size(x, 3)])]),
  causal: overSteps((net, x, width, at) => {
    const w = weight(net, `w${at}`, [size(x, 0), width, size(x, 2), 2]);
    return net.apply('conv', [x, w], { pads: [2, 0], dilations: [2] });
  }),
  'max-pool': overSteps((net, x) => (size(x, 3) < 2 ? x : net.apply('max-pool', [x], { kernel: [2] }))),
  'average-pool': overSteps((net, x) => (size(x, 3) < 2 ? x : net.apply('average-pool', [x], { kernel: [2] }))),
  enlarged: overSteps((net, x) => (size(x, 3) > 3 ? x : net.apply('resize', [x], { mode: 'linear', factors: [2] }))),
  backwards: (net, x) => {
    const steps = size(x, 2);
    return net.apply('select', [x], { axis: 2, indices: Array.from({ length: steps }, (_, t) => steps - 1 - t) });
  },
  longer: (net, x) => (size(x, 2) > 3 ? x : net.apply('pad', [x], { pads: [1, 0, 0, 0] })),
  last: (net, x) => net.apply('slice', [x], { axis: 2, start: size(x, 2) - 1, end: size(x, 2) }),
  peak: (net, x) => net.apply('mul', [net.apply('sigmoid', [x]), net.apply('reduce-max', [x], { axes: [2] })]),
  joined: (net, x) => {
    if (size(x, 2) > 3) return x;
    const mean = net.apply('reduce-mean', [x], { axes: [2] });
    return net.apply('concat', [net.apply('expand', [mean], { shape: sizes(x.shape).with(2, 1) }), x], { axis: 2 });
  },
});
