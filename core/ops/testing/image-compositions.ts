/** Random small image networks: a chain of building blocks over one activation [K, N, C, H, W]. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import { sizes } from '../../ir/shape.ts';
import type { Step } from './compositions.ts';

type Block = (net: NetworkBuilder, x: Value, step: Step, at: number) => Value;

const weight = (net: NetworkBuilder, name: string, shape: readonly number[]): Value =>
  net.parameter(name, shape, { kind: 'normal', deviation: 1 });

const axes = (x: Value) => sizes(x.shape) as [number, number, number, number, number];
const small = (x: Value): boolean => Math.min(...axes(x).slice(3)) < 2;
const large = (x: Value): boolean => Math.max(...axes(x).slice(3)) > 4;

const blocks: Readonly<Record<string, Block>> = {
  conv: (net, x, { width }, at) => {
    const [k, , c] = axes(x);
    const operands = [x, weight(net, `w${at}`, [k, width, c, 3, 3]), weight(net, `b${at}`, [k, width])];
    return net.apply('conv', operands, { pads: [1, 1, 1, 1] });
  },
  pointwise: (net, x, { width }, at) => {
    const [k, , c] = axes(x);
    return net.apply('conv', [x, weight(net, `w${at}`, [k, width, c, 1, 1])]);
  },
  depthwise: (net, x, _step, at) => {
    const [k, , c] = axes(x);
    const group = { group: c, pads: [1, 1, 0, 0] };
    return net.apply('conv', [x, weight(net, `w${at}`, [k, c, 1, 2, 2])], group);
  },
  strided: (net, x, { width }, at) => {
    const [k, , c] = axes(x);
    const operands = [x, weight(net, `w${at}`, [k, width, c, 2, 2])];
    return net.apply('conv', operands, { strides: [2, 2], pads: [1, 1, 0, 0] });
  },
  transposed: (net, x, { width }, at) => {
    const [k, , c] = axes(x);
    if (large(x)) return x;
    return net.apply('conv-transpose', [x, weight(net, `w${at}`, [k, c, width, 2, 2])], { strides: [2, 2] });
  },
  maxPool: (net, x) => (small(x) ? x : net.apply('max-pool', [x], { kernel: [2, 2] })),
  overlapping: (net, x) => (small(x) ? x : net.apply('max-pool', [x], { kernel: [2, 2], strides: [1, 1] })),
  averagePool: (net, x) => net.apply('average-pool', [x], { kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }),
  nearest: (net, x) => (large(x) ? x : net.apply('resize', [x], { mode: 'nearest', factors: [2, 2] })),
  linear: (net, x) => (large(x) ? x : net.apply('resize', [x], { mode: 'linear', factors: [2, 2] })),
  batchNorm: (net, x) => net.apply('batch-norm', [x], { axes: [1, 3, 4], epsilon: 0.1 }),
  tanh: (net, x) => net.apply('tanh', [x]),
  leakyRelu: (net, x) => net.apply('leaky-relu', [x], { slope: 0.2 }),
  excite: (net, x) => {
    const [k, n, c] = axes(x);
    const pooled = net.apply('sigmoid', [net.apply('global-average-pool', [x], { axes: 2 })]);
    return net.apply('mul', [x, net.apply('reshape', [pooled], { shape: [k, n, c, 1, 1] })]);
  },
};

export const imageBlockNames = Object.keys(blocks);

/** Applies the steps one after the other to an input `x0`. */
export function composeImage(net: NetworkBuilder, shape: readonly number[], steps: readonly Step[]): Value {
  return steps.reduce<Value>(
    (x, step, at) => {
      const block = blocks[step.block];
      if (!block) throw new RangeError(`There is no block called ${step.block}.`);
      return block(net, x, step, at);
    },
    net.input('x0', shape),
  );
}
