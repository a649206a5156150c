import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { NetworkBuilder, type Value } from '../ir/network.ts';
import { runForward } from '../ops/testing/gradient-check.ts';
import { drawFeeds } from './testing/draw-feeds.ts';
import { linearAttention } from './transformer.ts';

const three = (net: NetworkBuilder): [Value, Value, Value] => [
  net.input('q', [2, 4, 2]),
  net.input('k', [2, 4, 2]),
  net.input('v', [2, 4, 3]),
];

test('linear attention is a mean of values by the products of features', async () => {
  const net = new NetworkBuilder();
  const y = linearAttention(net, ...three(net));
  const network = net.build();
  const feeds = drawFeeds(network, 41);
  const result = await runForward(nodeRuntime, network, y, feeds, 'inference');
  const feature = (v: number): number => (v > 0 ? v + 1 : Math.exp(v));
  for (let b = 0; b < 2; b++) {
    for (let t = 0; t < 4; t++) {
      const weights = [0, 1, 2, 3].map((s) =>
        [0, 1].reduce(
          (sum, d) => sum + feature(feeds.q![(b * 4 + t) * 2 + d]!) * feature(feeds.k![(b * 4 + s) * 2 + d]!),
          0,
        ),
      );
      const total = weights.reduce((p, q) => p + q);
      for (let e = 0; e < 3; e++) {
        const wanted = weights.reduce((sum, w, s) => sum + (w / total) * feeds.v![(b * 4 + s) * 3 + e]!, 0);
        expect(result[(b * 4 + t) * 3 + e]).toBeCloseTo(wanted, 4);
      }
    }
  }
});
