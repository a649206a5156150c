import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { bindNetwork, NetworkBuilder, type Value } from '../ir/network.ts';
import { runForward } from '../ops/testing/gradient-check.ts';
import { dLinear, reversible } from './forecast.ts';
import { piecewiseEmbedding } from './numeric-embedding.ts';
import { drawFeeds } from './testing/draw-feeds.ts';

async function run(build: (net: NetworkBuilder) => Value, feeds: Readonly<Record<string, readonly number[]>>) {
  const net = new NetworkBuilder();
  const y = build(net);
  const network = bindNetwork(net.build(), { K: 1 });
  const all = { ...drawFeeds(network, 3), ...feeds };
  return runForward(nodeRuntime, network, network.values[y.id]!, all, 'inference');
}

test('the piecewise encoding fills piece after piece and is open at both ends', async () => {
  const edges = [
    [-1, 0, 2],
    [0, 4],
  ];
  // Columns of the encoding alone: a unit matrix for the pieces, nothing linear.
  const feeds = { 'e.w': [0, 0, 0, 0], 'e.b': [0, 0, 0, 0], 'e.v': [1, 0, 0, 1, 1, 0, 0, 1] };
  const x = [-3, -2, -0.5, 1, 1, 8, 5, 4];
  const result = await run((net) => piecewiseEmbedding(net, 'e', net.input('x', [1, 4, 2]), edges, 2), { ...feeds, x });
  // Per row: two pieces of the first column; the only piece of the second and a place that it does not have.
  const wanted = [
    [-2, 0, -0.5, 0],
    [0.5, 0, 0.25, 0],
    [1, 0.5, 2, 0],
    [1, 2.5, 1, 0],
  ].flat();
  result.forEach((v, i) => {
    expect(v).toBeCloseTo(wanted[i]!, 5);
  });
});

test('the trend of a straight line is the line but for its ends', async () => {
  const feeds = {
    x: [0, 1, 2, 3, 4, 5],
    'f.season.w': new Array<number>(36).fill(0),
    'f.season.b': new Array<number>(6).fill(0),
    'f.trend.w': Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0)),
    'f.trend.b': new Array<number>(6).fill(0),
  };
  const result = await run((net) => dLinear(net, 'f', net.input('x', [1, 1, 1, 6]), 6, 3), feeds);
  [1 / 3, 1, 2, 3, 4, 14 / 3].forEach((v, i) => {
    expect(result[i]).toBeCloseTo(v, 5);
  });
});

test('reversible normalisation gives back what a block passes on, and ignores level and scale', async () => {
  const same = (x: readonly number[]) =>
    run((net) => reversible(net, 'r', net.input('x', [1, 1, 1, 4]), (normal) => normal), { x });
  const x = [1, 5, 2, 4];
  (await same(x)).forEach((v, i) => {
    expect(v).toBeCloseTo(x[i]!, 4);
  });
  const seen = (x: readonly number[]) => {
    let normal: Value | null = null;
    return run(
      (net) => {
        reversible(net, 'r', net.input('x', [1, 1, 1, 4]), (value) => {
          normal = value;
          return value;
        });
        return normal!;
      },
      { x, 'r.scale': [1], 'r.shift': [0] },
    );
  };
  const moved = await seen(x.map((v) => 100 + 7 * v));
  (await seen(x)).forEach((v, i) => {
    expect(v).toBeCloseTo(moved[i]!, 4);
  });
});
