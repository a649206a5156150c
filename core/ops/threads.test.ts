/** The same bits with one and with two intra-op threads, at sizes at which the kernels share out their work. */
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';
import { attention } from '../layers/attention.ts';
import { Random } from '../math/random.ts';
import { blockSizeOf } from './blocked.ts';
import { type FormOptions, runGradients, seeded } from './testing/gradient-check.ts';

const block = await blockSizeOf(nodeRuntime);

type Build = (net: NetworkBuilder, w: (shape: readonly number[]) => Value) => Value;

const same = { pads: [1, 1, 1, 1] };
const steps: Readonly<Record<string, Build>> = {
  dense: (net, w) => {
    const hidden = net.apply('relu', [
      net.apply('add', [net.apply('matmul', [w([1, 200, 96]), w([1, 96, 130])]), w([1, 1, 130])]),
    ]);
    return net.apply('log-softmax', [net.apply('matmul', [hidden, w([1, 130, 40])])]);
  },
  // Fewer rows than columns, and inner sums that the kernel cuts by the number of columns.
  'dense, small batch': (net, w) => {
    const bias = (width: number) => w([1, 1, width]);
    const first = net.apply('tanh', [net.apply('gemm', [w([1, 32, 784]), w([1, 784, 128]), bias(128)])]);
    const second = net.apply('tanh', [net.apply('gemm', [first, w([1, 128, 600]), bias(600)])]);
    return net.apply('matmul', [net.apply('tanh', [net.apply('matmul', [second, w([1, 600, 64])])]), w([1, 64, 40])]);
  },
  'lstm, small batch': (net, w) =>
    net.apply('lstm', [w([1, 3, 16, 8]), w([1, 8, 512]), w([1, 128, 512]), w([1, 1, 512])]),
  convolutions: (net, w) => {
    const first = net.apply('relu', [
      net.apply('conv', [w([1, 16, 8, 24, 24]), w([1, 16, 8, 3, 3]), w([1, 16])], same),
    ]);
    const pooled = net.apply('max-pool', [first], { kernel: [2, 2] });
    const normal = net.apply('batch-norm', [pooled], { axes: [1, 3, 4], epsilon: 1e-5 });
    const strided = net.apply('conv', [normal, w([1, 32, 16, 3, 3])], { ...same, strides: [2, 2] });
    const wise = net.apply('conv', [strided, w([1, 32, 1, 3, 3])], { ...same, group: 32 });
    return net.apply('global-average-pool', [net.apply('conv', [wise, w([1, 24, 32, 1, 1])])], { axes: 2 });
  },
  attention: (net, w) => {
    const [q, k, v] = [0, 1, 2].map(() => net.apply('matmul', [w([1, 8, 48, 64]), w([1, 1, 64, 64])]));
    const mixed = attention(net, q!, k!, v!);
    return net.apply('layer-norm', [mixed], { epsilon: 1e-5 });
  },
  'tokens that several products read': (net, w) => {
    const x = net.apply('tanh', [w([1, 8, 48, 64])]);
    const [q, k, v] = [0, 1, 2].map(() => net.apply('matmul', [x, w([1, 1, 64, 64])]));
    const wide = net.apply('matmul', [x, w([1, 1, 64, 96])]);
    return net.apply('concat', [attention(net, q!, k!, v!), wide], { axis: -1 });
  },
  lstm: (net, w) => net.apply('lstm', [w([1, 6, 64, 16]), w([1, 16, 128]), w([1, 32, 128]), w([1, 1, 128])]),
  gru: (net, w) => net.apply('gru', [w([1, 6, 64, 16]), w([1, 16, 96]), w([1, 32, 96]), w([1, 1, 96]), w([1, 1, 32])]),
  embedding: (net, w) =>
    net.apply('tanh', [net.apply('gather', [w([1, 300, 24]), net.input('index', [1, 4000], 'int64')])]),
};

function prepare(build: Build) {
  let parameters = 0;
  const { network, loss } = seeded((net) =>
    build(net, (shape) => net.parameter(`w${parameters++}`, shape, { kind: 'normal', deviation: 1 })),
  );
  const random = new Random(13);
  const values = [...Object.entries(network.inputs), ...network.parameters.map((p) => [p.name, p.value] as const)];
  const feeds = Object.fromEntries(
    values.map(([name, { shape, type }]) => {
      const count = sizes(shape).reduce((a, b) => a * b, 1);
      const draw = () => (type === 'int64' ? Math.floor(random.uniform() * 300) : 0.3 * random.normal());
      return [name, Array.from({ length: count }, draw)];
    }),
  );
  return { network, loss, feeds };
}

const forms: Readonly<Record<string, FormOptions>> = {
  'row-major': { contrib: true },
  blocked: { contrib: true, block },
};

describe.each(Object.entries(forms))('%s forms', (_form, options) => {
  test.each(Object.entries(steps))('%s', async (_name, build) => {
    const { network, loss, feeds } = prepare(build);
    const one = await runGradients(nodeRuntime, network, loss, feeds, { ...options, threads: 1 });
    const again = await runGradients(nodeRuntime, network, loss, feeds, { ...options, threads: 1 });
    const two = await runGradients(nodeRuntime, network, loss, feeds, { ...options, threads: 2 });
    const differing = (other: typeof one) =>
      Object.keys(one).filter((name) => one[name]!.some((v, i) => !Object.is(v, other[name]![i])));
    expect(differing(again)).toEqual([]);
    expect(differing(two)).toEqual([]);
  });
});
