import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { blockSizeOf } from './blocked.ts';
import { compareForms, type Feeds, formNodes, seeded } from './testing/gradient-check.ts';

const block = (await blockSizeOf(nodeRuntime)) ?? 0;
const B = block || 8;

/** A chain of operators from an image or a sequence x; `w` makes parameters. */
type Build = (net: NetworkBuilder, x: Value, w: (shape: readonly number[]) => Value) => Value;

const conv = (attributes: Record<string, number | readonly number[]> = {}, shape: readonly number[] = []): Build => {
  return (net, x, w) => {
    const weights = w(shape);
    return net.apply('conv', [x, weights, w(weights.shape.slice(0, 2) as number[])], attributes);
  };
};

/** After a convolution that leaves [K, N, 2B, ...] in blocks. */
const after = (op: Build): Build => {
  return (net, x, w) => {
    const kernel = x.shape.slice(3).map(() => 3);
    const weights = w([x.shape[0] as number, 2 * B, x.shape[2] as number, ...kernel]);
    const pads = [...kernel, ...kernel].fill(1);
    return op(net, net.apply('conv', [x, weights], { pads }), w);
  };
};
const same = { pads: [1, 1, 1, 1] };
const image = [1, 2, B, 5, 4];
const one = (op: string, attributes = {}): Build => after((net, x) => net.apply(op, [x], attributes));

const cases: Readonly<Record<string, readonly [readonly number[], Build]>> = {
  dense: [image, conv(same, [1, 2 * B, B, 3, 3])],
  'dense, a batch of blocks': [[1, B, B, 4, 5], conv(same, [1, B, B, 3, 3])],
  'dense, a batch and a half of blocks': [[1, (3 * B) / 2, B, 4, 5], conv(same, [1, B, B, 3, 3])],
  'strides and a rest, a batch of blocks': [
    [1, B, B, 6, 7],
    conv({ strides: [2, 3], pads: [1, 0, 0, 1] }, [1, B, B, 2, 3]),
  ],
  'dilations, a batch of blocks': [[1, B, B, 6, 7], conv({ dilations: [2, 1], pads: [2, 1, 1, 1] }, [1, B, B, 3, 2])],
  'stride 2, even': [[1, 2, B, 6, 8], conv({ strides: [2, 2], pads: [1, 1, 1, 1] }, [1, B, B, 3, 3])],
  'stride 2, kernel 2': [[1, 2, B, 6, 8], conv({ strides: [2, 2] }, [1, 2 * B, B, 2, 2])],
  'stride 2, kernel 5, depthwise': [
    [1, 2, B, 8, 6],
    conv({ group: B, strides: [2, 2], pads: [2, 2, 2, 2] }, [1, B, 1, 5, 5]),
  ],
  'stride 3 along one axis': [[1, 2, B, 6, 5], conv({ strides: [3, 1], pads: [2, 1, 1, 1] }, [1, B, B, 4, 3])],
  'stride > kernel': [[1, 1, B, 7, 8], conv({ strides: [3, 3] }, [1, B, B, 2, 1])],
  pointwise: [image, conv({}, [1, 2 * B, B, 1, 1])],
  'strided pointwise': [image, conv({ strides: [2, 2] }, [1, B, B, 1, 1])],
  'one place': [[1, B, B, 1, 1], conv(same, [1, B, B, 3, 3])],
  'whole image': [[1, B, B, 2, 3], conv({}, [1, B, B, 2, 3])],
  'first layer, one channel': [[1, B, 1, 5, 5], conv(same, [1, B, 1, 3, 3])],
  'first layer, three channels': [[1, 2, 3, 5, 5], conv({ strides: [2, 2], pads: [1, 1, 1, 1] }, [1, B, 3, 3, 3])],
  groups: [[1, 2, 2 * B, 3, 4], conv({ group: 2, ...same }, [1, 2 * B, B, 3, 3])],
  depthwise: [[1, 3, 2 * B, 4, 5], conv({ group: 2 * B, ...same }, [1, 2 * B, 1, 3, 3])],
  'depthwise, strides and a rest': [
    [1, 2, B, 6, 7],
    conv({ group: B, strides: [2, 2], pads: [1, 1, 0, 0] }, [1, B, 1, 2, 3]),
  ],
  'depthwise, dilations': [[1, 2, B, 6, 7], conv({ group: B, dilations: [2, 2], pads: [2, 2, 2, 2] }, [1, B, 1, 3, 3])],
  'depthwise, one tap': [[1, 2, B, 2, 3], conv({ group: B }, [1, B, 1, 1, 1])],
  sequence: [[1, B, B, 7], conv({ pads: [2, 0], dilations: [2] }, [1, B, B, 2])],
  'depthwise sequence': [[1, 2, B, 7], conv({ group: B, strides: [2], pads: [1, 1] }, [1, B, 1, 3])],
  members: [[2, 2, B, 3, 4], conv(same, [2, B, B, 3, 3])],
  'members that share x': [[1, 2, B, 3, 4], conv(same, [3, B, B, 3, 3])],
  'two in a row': [
    image,
    after((net, x, w) => net.apply('conv', [net.apply('relu', [x]), w([1, B, 2 * B, 3, 3])], same)),
  ],
  'max-pool': [image, one('max-pool', { kernel: [2, 2] })],
  'max-pool that overlaps': [image, one('max-pool', { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] })],
  'max-pool of a sequence': [[2, 2, B, 7], one('max-pool', { kernel: [3] })],
  'average-pool': [image, one('average-pool', { kernel: [2, 3] })],
  'adaptive pools': [
    [1, 2, B, 6, 4],
    after((net, x) => {
      const tall = net.apply('adaptive-max-pool', [x], { places: [3, 2] });
      return net.apply('adaptive-average-pool', [tall], { places: [1, 2] });
    }),
  ],
  'average-pool that overlaps': [image, one('average-pool', { kernel: [2, 2], strides: [1, 1] })],
  'global pool': [[2, 2, B, 3, 2], one('global-average-pool', { axes: 2 })],
  nearest: [image, one('resize', { mode: 'nearest', factors: [2, 3] })],
  linear: [image, one('resize', { mode: 'linear', factors: [2, 2] })],
  transposed: [
    [1, 2, B, 3, 4],
    (net, x, w) => net.apply('conv-transpose', [x, w([1, B, 2 * B, 2, 2])], { strides: [2, 2] }),
  ],
  'transposed, a rest, a batch of blocks': [
    [1, B, B, 3, 4],
    (net, x, w) =>
      net.apply('conv-transpose', [x, w([1, B, B, 3, 3])], {
        strides: [2, 2],
        pads: [1, 1, 1, 1],
        outputPadding: [1, 0],
      }),
  ],
  'transposed depthwise sequence, members': [
    [2, 2, B, 4],
    (net, x, w) => net.apply('conv-transpose', [x, w([2, B, 1, 3])], { group: B, strides: [2] }),
  ],
  'batch norm': [[2, 3, B, 2, 3], one('batch-norm', { axes: [1, 3, 4], epsilon: 0.1 })],
  'batch norm with scale and shift': [
    [2, 3, B, 2, 3],
    after((net, x, w) => {
      const perChannel = [0, 1, 2, 3].map(() => w([2, 1, 2 * B, 1, 1]));
      return net.apply('batch-norm', [x, ...perChannel], { axes: [1, 3, 4], epsilon: 0.1 });
    }),
  ],
  elementwise: [image, after((net, x) => net.apply('leaky-relu', [net.apply('silu', [x])], { slope: 0.1 }))],
  'per channel': [
    [2, 2, B, 3, 2],
    after((net, x, w) => net.apply('add', [net.apply('mul', [x, w([2, 1, 2 * B, 1, 1])]), w([1, 1, 2 * B, 1, 1])])),
  ],
  'per row': [[2, 2, B, 3, 2], after((net, x, w) => net.apply('mul', [x, w([2, 2, 1, 1, 1])]))],
  'per row and channel': [[1, 2, B, 3, 2], after((net, x, w) => net.apply('mul', [w([1, 2, 2 * B, 1, 1]), x]))],
  'per place': [[1, 2, B, 3, 2], after((net, x, w) => net.apply('mul', [x, w([1, 1, 1, 3, 2])]))],
  'residual of a plain value': [image, after((net, x, w) => net.apply('sub', [x, w([1, 2, 2 * B, 5, 4])]))],
  'joined and cut channels': [
    image,
    after((net, x, w) => {
      const both = net.apply('concat', [x, w([1, 2, B, 5, 4])], { axis: 2 });
      return net.apply('slice', [net.apply('tanh', [both])], { axis: 2, start: B, end: 3 * B });
    }),
  ],
  'cut within a block': [image, one('slice', { axis: 2, start: 1, end: B + 1 })],
  'read twice, once plain': [
    image,
    after((net, x) => {
      const flat = net.apply('reshape', [x], { shape: [1, 2, 2 * B, 20] });
      const mean = net.apply('reduce-mean', [flat], { axes: [3] });
      return net.apply('mul', [x, net.apply('reshape', [mean], { shape: [1, 2, 2 * B, 1, 1] })]);
    }),
  ],
  dropout: [image, one('dropout', { rate: 0.4 })],
};

function prepare([shape, build]: readonly [readonly number[], Build]) {
  let parameters = 0;
  const { network, loss } = seeded((net) =>
    build(net, net.input('x0', shape), (dims) =>
      net.parameter(`w${parameters++}`, dims, { kind: 'normal', deviation: 1 }),
    ),
  );
  const random = new Random(11);
  const feeds: Feeds = Object.fromEntries(
    [...Object.entries(network.inputs), ...network.parameters.map((p) => [p.name, p.value] as const)].map(
      ([name, { shape: dims }]) => [
        name,
        Array.from({ length: sizes(dims).reduce((a, b) => a * b, 1) }, () => random.normal()),
      ],
    ),
  );
  return { network, loss, feeds };
}

describe.skipIf(block === 0)('blocked kernels', () => {
  test.each(Object.entries(cases))('%s: loss and gradients agree with float64', async (_name, c) => {
    const { network, loss, feeds } = prepare(c);
    const forms = { contrib: true, block };
    expect(formNodes(network, loss, forms).some((node) => node.domain === 'com.microsoft.nchwc')).toBe(true);
    expect(await compareForms(nodeRuntime, network, loss, feeds, [forms])).toBeLessThan(2e-5);
  });

  test('a chain stays in blocks from the first convolution to the pooled row', () => {
    const chain: Build = (net, x, w) => {
      const first = net.apply('relu', [net.apply('conv', [x, w([1, B, 1, 3, 3]), w([1, B])], same)]);
      const second = net.apply('conv', [net.apply('max-pool', [first], { kernel: [2, 2] }), w([1, B, B, 3, 3])], same);
      return net.apply('global-average-pool', [net.apply('relu', [second])], { axes: 2 });
    };
    const { network, loss } = prepare([[1, B, 1, 8, 8], chain]);
    const names = formNodes(network, loss, { contrib: true, block }).map((node) => node.op);
    // For the input's own gradient, which lies as the input does, and for the second weight gradient.
    expect(names.filter((op) => op === 'ReorderOutput').length).toBe(2);
  });

  test('graphs to be stored hold no blocked kernels', () => {
    const { network, loss } = prepare(cases.dense!);
    const stored = formNodes(network, loss, { mode: 'inference', contrib: true, block });
    expect(stored.every((node) => node.domain === '')).toBe(true);
  });
});

test('a runtime without blocked kernels says so', async () => {
  expect(await blockSizeOf(webRuntime)).toBe(null);
});
