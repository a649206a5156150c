import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { NetworkBuilder, type Value } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { runForward } from '../ops/testing/gradient-check.ts';
import { deltaRule } from './delta-rule.ts';

const [T, D, E] = [4, 2, 3];
const random = new Random(51);
const feeds = {
  q: Array.from({ length: 2 * T * D }, () => random.normal()),
  k: Array.from({ length: 2 * T * D }, () => random.normal()),
  v: Array.from({ length: 2 * T * E }, () => random.normal()),
  b: Array.from({ length: 2 * T }, () => random.uniform()),
  g: Array.from({ length: 2 * T }, () => random.uniform()),
};

const build = (net: NetworkBuilder, rows: number | string): Value => {
  const input = (name: string, width: number): Value => net.input(name, [1, rows, T, width]);
  return deltaRule(net, input('q', D), input('k', D), input('v', E), input('b', 1), input('g', 1));
};

test('the memory follows its recurrence, for any number of rows', async () => {
  const net = new NetworkBuilder();
  const y = build(net, 'N');
  const result = await runForward(nodeRuntime, net.build(), y, feeds, 'inference', { N: 2 });
  for (let n = 0; n < 2; n++) {
    const memory = Array.from({ length: D }, () => new Array<number>(E).fill(0));
    for (let t = 0; t < T; t++) {
      const at = n * T + t;
      for (const row of memory) for (let e = 0; e < E; e++) row[e]! *= feeds.g[at]!;
      const key = feeds.k.slice(at * D, (at + 1) * D);
      const recalled = Array.from({ length: E }, (_, e) => key.reduce((sum, x, d) => sum + x * memory[d]![e]!, 0));
      for (const [d, row] of memory.entries()) {
        for (let e = 0; e < E; e++) row[e]! += key[d]! * feeds.b[at]! * (feeds.v[at * E + e]! - recalled[e]!);
      }
      for (let e = 0; e < E; e++) {
        const wanted = memory.reduce((sum, row, d) => sum + feeds.q[at * D + d]! * row[e]!, 0);
        expect(result[at * E + e]).toBeCloseTo(wanted, 4);
      }
    }
  }
});
