import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { bindNetwork, NetworkBuilder, type Value } from '../ir/network.ts';
import { ShapeError } from '../ir/shape.ts';
import { checkGradients, runForward, seeded } from '../ops/testing/gradient-check.ts';
import { convolution, mbConv, residualBlock, temporalBlock, upBlock } from './image.ts';
import { drawFeeds } from './testing/draw-feeds.ts';

const image = (net: NetworkBuilder, name = 'x', size = 2): Value => net.input(name, ['K', 3, 2, size, size]);

const blocks: Readonly<Record<string, { build: (net: NetworkBuilder) => Value; shape: readonly number[] }>> = {
  residual: { build: (net) => residualBlock(net, 'r', image(net), 2, { dropPath: 0.3 }), shape: [1, 3, 2, 2, 2] },
  'strided residual': { build: (net) => residualBlock(net, 'r', image(net), 3, { stride: 2 }), shape: [1, 3, 3, 1, 1] },
  'inverted residual': {
    build: (net) => mbConv(net, 'm', image(net), 2, { expansion: 2, squeeze: 1 }),
    shape: [1, 3, 2, 2, 2],
  },
  'step up': { build: (net) => upBlock(net, 'u', image(net, 'x', 1), image(net, 'skip'), 2), shape: [1, 3, 2, 2, 2] },
  temporal: {
    build: (net) => temporalBlock(net, 't', net.input('x', ['K', 2, 2, 4]), 3, { kernel: 2, dilation: 2 }),
    shape: [1, 2, 3, 4],
  },
};

test.each(Object.keys(blocks))('gradients of a %s block agree with central differences', async (name) => {
  const { build, shape } = blocks[name]!;
  const built = seeded(build);
  const network = bindNetwork(built.network, { K: 1 });
  expect(network.outputs.out!.shape).toEqual(shape);
  const loss = network.values[built.loss.id]!;
  const { differenceError, float32Error } = await checkGradients(
    nodeRuntime,
    network,
    loss,
    drawFeeds(network, 31),
    1e-6,
  );
  expect(differenceError).toBeLessThan(1e-4);
  expect(float32Error).toBeLessThan(1e-3);
});

test('a temporal block sees no later step', async () => {
  const net = new NetworkBuilder();
  const y = temporalBlock(net, 't', net.input('x', ['K', 1, 1, 6]), 2, { kernel: 3, dilation: 2 });
  const network = bindNetwork(net.build(), { K: 1 });
  const feeds = drawFeeds(network, 31);
  const run = (x: readonly number[]) =>
    runForward(nodeRuntime, network, network.values[y.id]!, { ...feeds, x }, 'inference');
  const before = await run([1, 2, 3, 4, 5, 6]);
  const after = await run([1, 2, 3, 4, -50, 60]);
  for (const channel of [0, 6]) expect(after.slice(channel, channel + 4)).toEqual(before.slice(channel, channel + 4));
  expect(after).not.toEqual(before);
});

test('an even kernel is refused', () => {
  const net = new NetworkBuilder();
  expect(() => convolution(net, 'w', image(net), 2, { kernel: 2 })).toThrow(ShapeError);
});
