/** Random small networks: a chain of building blocks over one activation [K, B, F]. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import { sizes } from '../../ir/shape.ts';

/** One step of a composition: which block, and a number that sets its width. */
export interface Step {
  readonly block: string;
  readonly width: number;
}

type Block = (net: NetworkBuilder, x: Value, step: Step, at: number) => Value;

const last = (x: Value): number => sizes(x.shape)[2]!;
const weight = (net: NetworkBuilder, name: string, shape: readonly number[]): Value =>
  net.parameter(name, shape, { kind: 'normal', deviation: 1 });

function dense(net: NetworkBuilder, x: Value, { width }: Step, at: number): Value {
  const members = sizes(x.shape)[0]!;
  const product = net.apply('matmul', [x, weight(net, `w${at}`, [members, last(x), width])]);
  return net.apply('add', [product, weight(net, `b${at}`, [members, 1, width])]);
}

const activation =
  (op: string): Block =>
  (net, x) =>
    net.apply(op, [x]);

const blocks: Readonly<Record<string, Block>> = {
  dense,
  relu: activation('relu'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  silu: activation('silu'),
  gelu: activation('gelu'),
  selu: activation('selu'),
  mish: activation('mish'),
  cos: activation('cos'),
  sin: activation('sin'),
  softmax: activation('softmax'),
  logSoftmax: activation('log-softmax'),
  layerNorm: (net, x) => (last(x) > 1 ? net.apply('layer-norm', [x], { epsilon: 0.1 }) : x),
  scale: (net, x, _step, at) => net.apply('mul', [x, weight(net, `s${at}`, [sizes(x.shape)[0]!, 1, last(x)])]),
  residual: (net, x, step, at) =>
    net.apply('add', [x, net.apply('tanh', [dense(net, x, { ...step, width: last(x) }, at)])]),
  gate: (net, x) => net.apply('mul', [net.apply('sigmoid', [x]), x]),
  ratio: (net, x) => net.apply('div', [x, net.apply('exp', [net.apply('sin', [x])])]),
  centre: (net, x) => net.apply('sub', [x, net.apply('reduce-mean', [x], { axes: [-1] })]),
  share: (net, x) => net.apply('div', [net.apply('tanh', [x]), net.apply('sqrt', [norm(net, x)])]),
  join: (net, x) => net.apply('concat', [x, net.apply('sin', [x])], { axis: -1 }),
  cut: (net, x) => (last(x) > 1 ? net.apply('slice', [x], { axis: 2, start: 1, end: last(x) }) : x),
  turn: (net, x) => {
    const turned = net.apply('transpose', [x], { perm: [0, 2, 1] });
    return net.apply('matmul', [net.apply('softmax', [net.apply('matmul', [x, turned])]), x]);
  },
  fold: (net, x) => {
    const [k, b, f] = sizes(x.shape) as [number, number, number];
    const flat = net.apply('tanh', [net.apply('reshape', [x], { shape: [k * b, f] })]);
    return net.apply('reshape', [flat], { shape: [k, b, f] });
  },
  clip: (net, x) => net.apply('clip', [x], { low: -0.9, high: 1.1 }),
  choose: (net, x, _step, at) => net.apply('where', [net.input(`c${at}`, x.shape), x, net.apply('cos', [x])]),
  dropout: (net, x) => net.apply('dropout', [x], { rate: 0.3 }),
  dropPath: (net, x) => net.apply('drop-path', [x], { rate: 0.3 }),
  hardSigmoid: activation('hard-sigmoid'),
  leakyRelu: (net, x) => net.apply('leaky-relu', [x], { slope: 0.1 }),
  elu: (net, x) => net.apply('elu', [x], { alpha: 1 }),
  rmsNorm: (net, x) => net.apply('rms-norm', [x], { epsilon: 0.1 }),
  batchNorm: (net, x) => net.apply('batch-norm', [x], { axes: [1], epsilon: 0.1 }),
  shrink: (net, x) => net.apply('scale', [x], { factor: -0.6 }),
  largest: (net, x) =>
    net.apply('maximum', [x, net.apply('minimum', [net.apply('sin', [x]), net.apply('scale', [x], { factor: 2 })])]),
};

export const blockNames = Object.keys(blocks);

/** 1 + sum of squares of each row. */
function norm(net: NetworkBuilder, x: Value): Value {
  const sum = net.apply('reduce-sum', [net.apply('mul', [x, x])], { axes: [-1] });
  return net.apply('add', [sum, net.apply('exp', [net.apply('sub', [sum, sum])])]);
}

/** Applies the steps one after the other to an input `x0` of shape [members, rows, features]. */
export function compose(net: NetworkBuilder, shape: readonly [number, number, number], steps: readonly Step[]): Value {
  return steps.reduce<Value>(
    (x, step, at) => {
      const block = blocks[step.block];
      if (!block) throw new RangeError(`There is no block called ${step.block}.`);
      return block(net, x, step, at);
    },
    net.input('x0', shape),
  );
}
