import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { bindNetwork, NetworkBuilder, type Value } from '../ir/network.ts';
import { checkGradients, runForward, seeded } from '../ops/testing/gradient-check.ts';
import { gated } from './gated.ts';
import type { Edges } from './graph.ts';
import { gat } from './graph-attention.ts';
import { gcn, gin, sage } from './graph-convolution.ts';
import { giou, infoNce, triplet } from './similarity.ts';
import { drawFeeds } from './testing/draw-feeds.ts';

const SOURCES = [0, 1, 2, 3, 1, 2, 0, 3];
const TARGETS = [0, 1, 2, 3, 0, 0, 1, 2];

const edgesOf = (net: NetworkBuilder): Edges => ({
  sources: net.input('sources', [1, SOURCES.length], 'int64'),
  targets: net.input('targets', [1, TARGETS.length], 'int64'),
});

const layers: Readonly<Record<string, (net: NetworkBuilder, x: Value) => Value>> = {
  gcn: (net, x) => {
    const weights = net.input('weights', [1, SOURCES.length, 1]);
    return gcn(net, 'l', x, { ...edgesOf(net), weights }, 2);
  },
  sage: (net, x) => sage(net, 'l', x, edgesOf(net), 2),
  gin: (net, x) => gin(net, 'l', x, edgesOf(net), 2),
  gat: (net, x) => gat(net, 'l', x, edgesOf(net), { heads: 2, width: 2 }),
  glu: (net, x) => gated(net, 'glu', x),
  geglu: (net, x) => gated(net, 'geglu', x),
  swiglu: (net, x) => gated(net, 'swiglu', x),
  infoNce: (net, x) => infoNce(net, x, net.input('b', ['K', 4, 2]), net.input('c0', ['K', 4, 4]), 0.5),
  triplet: (net, x) =>
    triplet(net, x, net.input('p', ['K', 4, 2]), net.input('n', ['K', 4, 2]), net.input('margin', [1, 1, 1])),
};

const unit = Array.from({ length: 32 }, (_, i) => (Math.floor(i / 4) % 4 === i % 4 ? 1 : 0));

test.each(Object.keys(layers))('gradients of %s agree with central differences', async (name) => {
  const built = seeded((net) => layers[name]!(net, net.input('x', ['K', 4, 2])));
  const network = bindNetwork(built.network, { K: 2 });
  const loss = network.values[built.loss.id]!;
  const feeds = drawFeeds(network, 21, { sources: SOURCES, targets: TARGETS, c0: unit });
  const { differenceError, float32Error } = await checkGradients(nodeRuntime, network, loss, feeds, 1e-6);
  expect(differenceError).toBeLessThan(1e-6);
  expect(float32Error).toBeLessThan(1e-4);
});

test('graph attention gives every node a mean of its sources that adds up to 1', async () => {
  const net = new NetworkBuilder();
  const y = gat(net, 'l', net.input('x', ['K', 4, 1]), edgesOf(net), { heads: 1, width: 1 });
  const network = bindNetwork(net.build(), { K: 1 });
  const feeds = drawFeeds(network, 21, {
    sources: SOURCES,
    targets: TARGETS,
    x: [2, 2, 2, 2],
    'l.w': [3],
    'l.b': [0],
  });
  const result = await runForward(nodeRuntime, network, network.values[y.id]!, feeds, 'inference');
  result.forEach((v) => {
    expect(v).toBeCloseTo(6, 5);
  });
});

test('generalised intersection over union of equal, overlapping and distant boxes', async () => {
  const net = new NetworkBuilder();
  const y = giou(net, net.input('a', [1, 3, 4]), net.input('b', [1, 3, 4]));
  const feeds = { a: [0, 0, 2, 2, 0, 0, 2, 2, 0, 0, 1, 1], b: [0, 0, 2, 2, 1, 1, 3, 3, 3, 0, 4, 1] };
  const result = await runForward(nodeRuntime, net.build(), y, feeds, 'inference');
  const wanted = [0, 1 - 1 / 7 + 2 / 9, 1 + 2 / 4];
  result.forEach((v, i) => {
    expect(v).toBeCloseTo(wanted[i]!, 5);
  });
});
