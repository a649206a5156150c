import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { bindNetwork, NetworkBuilder } from '../ir/network.ts';
import { ShapeError } from '../ir/shape.ts';
import { runForward } from '../ops/testing/gradient-check.ts';
import { convolution } from './image.ts';
import { dilationsFor, temporalBlock } from './temporal.ts';
import { drawFeeds } from './testing/draw-feeds.ts';

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
  expect(() => convolution(net, 'w', net.input('x', ['K', 3, 2, 2, 2]), 2, { kernel: 2 })).toThrow(ShapeError);
});

test('dilations double until the last place sees all steps', () => {
  expect(dilationsFor(24, 3)).toEqual([1, 2, 4]);
  expect(dilationsFor(29, 3)).toEqual([1, 2, 4]);
  expect(dilationsFor(30, 3)).toEqual([1, 2, 4, 8]);
  expect(dilationsFor(1, 3)).toEqual([1]);
});
