/** Blocks over rows [K, N, F]; rows are also nodes of a graph, and words of a dictionary. */
import type { NetworkBuilder, Value } from '../../../ir/network.ts';
import { sizes } from '../../../ir/shape.ts';
import { activation, type Build, fixed, size, weight, within } from './block.ts';

const dense: Build = (net, x, width, at) => {
  const product = net.apply('matmul', [x, weight(net, `w${at}`, [size(x, 0), size(x, 2), width])]);
  return net.apply('add', [product, weight(net, `b${at}`, [size(x, 0), 1, width])]);
};

/** 1 + sum of squares of each row. */
function norm(net: NetworkBuilder, x: Value): Value {
  const sum = net.apply('reduce-sum', [net.apply('mul', [x, x])], { axes: [-1] });
  return net.apply('add', [sum, net.apply('exp', [net.apply('sub', [sum, sum])])]);
}

/** Rows sent along four random edges and brought together again. */
const along =
  (op: string): Build =>
  (net, x, _width, at) => {
    const nodes = size(x, 1);
    const edges = (part: string): Value => fixed(net, at, part, [1, 4], `index${nodes}`);
    const sent = net.apply('gather', [x, edges('s')]);
    return net.apply(op, [sent, edges('t')], { rows: nodes });
  };

const activations = ['relu', 'sigmoid', 'tanh', 'silu', 'gelu', 'selu', 'mish', 'cos', 'sin', 'hard-sigmoid'];

export const rowBlocks = within('rows', {
  dense,
  ...Object.fromEntries([...activations, 'abs', 'erf', 'softplus'].map((op) => [op, activation(op)])),
  softmax: activation('softmax'),
  'log-softmax': activation('log-softmax'),
  'leaky-relu': (net, x) => net.apply('leaky-relu', [x], { slope: 0.1 }),
  elu: (net, x) => net.apply('elu', [x], { alpha: 1 }),
  clip: (net, x) => net.apply('clip', [x], { low: -0.9, high: 1.1 }),
  'layer-norm': (net, x) => (size(x, 2) > 1 ? net.apply('layer-norm', [x], { epsilon: 0.1 }) : x),
  'rms-norm': (net, x) => net.apply('rms-norm', [x], { epsilon: 0.1 }),
  'batch-norm': (net, x) => net.apply('batch-norm', [x], { axes: [1], epsilon: 0.1 }),
  scale: (net, x, _width, at) => net.apply('mul', [x, weight(net, `s${at}`, [size(x, 0), 1, size(x, 2)])]),
  shrink: (net, x) => net.apply('scale', [x], { factor: -0.6 }),
  residual: (net, x, _width, at) => net.apply('add', [x, net.apply('tanh', [dense(net, x, size(x, 2), at)])]),
  gate: (net, x) => net.apply('mul', [net.apply('sigmoid', [x]), x]),
  ratio: (net, x) => net.apply('div', [x, net.apply('exp', [net.apply('sin', [x])])]),
  logarithm: (net, x) => net.apply('log', [net.apply('softplus', [x])]),
  centre: (net, x) => net.apply('sub', [x, net.apply('reduce-mean', [x], { axes: [-1] })]),
  peak: (net, x) => net.apply('sub', [x, net.apply('reduce-max', [x], { axes: [-1] })]),
  share: (net, x) => net.apply('div', [net.apply('tanh', [x]), net.apply('sqrt', [norm(net, x)])]),
  join: (net, x) => (size(x, 2) > 8 ? x : net.apply('concat', [x, net.apply('sin', [x])], { axis: -1 })),
  cut: (net, x) => (size(x, 2) > 1 ? net.apply('slice', [x], { axis: 2, start: 1, end: size(x, 2) }) : x),
  turn: (net, x) => {
    const turned = net.apply('transpose', [x], { perm: [0, 2, 1] });
    return net.apply('matmul', [net.apply('softmax', [net.apply('matmul', [x, turned])]), x]);
  },
  'one network': (net, x, width, at) => {
    const [k, n, f] = sizes(x.shape) as [number, number, number];
    const flat = net.apply('reshape', [x], { shape: [k * n, f] });
    const product = net.apply('gemm', [flat, weight(net, `w${at}`, [f, width]), weight(net, `b${at}`, [width])]);
    return net.apply('reshape', [product], { shape: [k, n, width] });
  },
  choose: (net, x, _width, at) => net.apply('where', [fixed(net, at, '', x.shape, 'mask'), x, net.apply('cos', [x])]),
  largest: (net, x) =>
    net.apply('maximum', [x, net.apply('minimum', [net.apply('sin', [x]), net.apply('scale', [x], { factor: 2 })])]),
  'fixed offsets': (net, x) => {
    const offsets = net.apply('constant', [], { shape: [1, 1, size(x, 2)], values: [0.3] });
    return net.apply('add', [x, offsets]);
  },
  'fixed order': (net, x, width) => {
    const last = size(x, 2) - 1;
    return net.apply('select', [x], {
      axis: 2,
      indices: Array.from({ length: width + 1 }, (_, i) => (i * last) % (last + 1)),
    });
  },
  padded: (net, x) => (size(x, 2) > 8 ? x : net.apply('pad', [x], { pads: [0, 1, 0, 0] })),
  repeated: (net, x) => {
    const mean = net.apply('reduce-mean', [x], { axes: [2] });
    return net.apply('mul', [x, net.apply('expand', [mean], { shape: x.shape })]);
  },
  'looked up': (net, x, width, at) => {
    const indices = fixed(net, at, '', [1, size(x, 1)], 'index3');
    const read = net.apply('gather', [weight(net, `w${at}`, [size(x, 0), 3, width]), indices]);
    return net.apply('concat', [net.apply('tanh', [x]), read], { axis: 2 });
  },
  'sums of neighbours': along('scatter-add'),
  'messages along edges': (net, x, _width, at) => {
    const ends = (part: string): Value => fixed(net, at, part, [1, 4], size(x, 1) > 1 ? 'index2' : 'index1');
    return net.apply('propagate', [x, ends('s'), ends('t'), weight(net, `w${at}`, [size(x, 0), 4, 1])]);
  },
  'means of neighbours': along('segment-mean'),
  'maxima of neighbours': along('segment-max'),
  'shares among neighbours': (net, x, _width, at) => {
    const segments = fixed(net, at, '', [1, size(x, 1)], 'index2');
    return net.apply('mul', [x, net.apply('segment-softmax', [x, segments], { rows: 2 })]);
  },
  dropout: (net, x) => net.apply('dropout', [x], { rate: 0.3 }),
  'drop-path': (net, x) => net.apply('drop-path', [x], { rate: 0.3 }),
});
