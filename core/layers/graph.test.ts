import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { bindNetwork, NetworkBuilder } from '../ir/network.ts';
import { countOf } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { runForward } from '../ops/testing/gradient-check.ts';
import type { Edges } from './graph.ts';
import { gat } from './graph-attention.ts';
import { giou } from './similarity.ts';
import { drawFeeds } from './testing/draw-feeds.ts';
import { graphCase, graphForms, graphLayers } from './testing/graph-cases.ts';

const SOURCES = [0, 1, 2, 3, 1, 2, 0, 3];
const TARGETS = [0, 1, 2, 3, 0, 0, 1, 2];

const edgesOf = (net: NetworkBuilder): Edges => ({
  sources: net.input('sources', [1, SOURCES.length], 'int64'),
  targets: net.input('targets', [1, TARGETS.length], 'int64'),
});

test.each(Object.keys(graphLayers))('%s is the same over edges, neighbours and a matrix', async (name) => {
  const results = await Promise.all(
    graphForms.map(async (form) => {
      const { build, fixed, members = 1 } = graphCase(name, form);
      const net = new NetworkBuilder();
      const y = build(net);
      const network = bindNetwork(net.build(), { K: members });
      // The same parameters whatever inputs the form has.
      const drawn = Object.fromEntries(network.parameters.map((p) => [p.name, p.value.shape]));
      const random = new Random(3);
      const parameters = Object.fromEntries(
        Object.entries(drawn).map(([key, shape]) => [
          key,
          Array.from({ length: countOf(shape) }, () => random.normal()),
        ]),
      );
      const x = Array.from({ length: countOf(network.inputs.x!.shape) }, () => random.normal());
      return runForward(nodeRuntime, network, network.values[y.id]!, { ...fixed, ...parameters, x }, 'inference');
    }),
  );
  for (const result of results.slice(1)) {
    result.forEach((v, i) => {
      expect(v).toBeCloseTo(results[0]![i]!, 5);
    });
  }
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
