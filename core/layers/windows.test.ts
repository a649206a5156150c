import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { bindNetwork, NetworkBuilder, type Value } from '../ir/network.ts';
import { ShapeError } from '../ir/shape.ts';
import { gradientsOf, runForward, seeded } from '../ops/testing/gradient-check.ts';
import { relativeError } from '../ops/testing/relative-error.ts';
import { attention } from './attention.ts';
import { drawFeeds } from './testing/draw-feeds.ts';
import { transformerBlock } from './transformer.ts';
import { gridAttention, type Windows, windowedAttention } from './windows.ts';

const three = (net: NetworkBuilder): [Value, Value, Value] => [
  net.input('q', [2, 4, 2]),
  net.input('k', [2, 4, 2]),
  net.input('v', [2, 4, 3]),
];

test('attention in one window of all steps is attention; windows must divide the steps', async () => {
  const net = new NetworkBuilder();
  const operands = three(net);
  const both = [
    windowedAttention(net, ...operands, 4),
    attention(net, ...operands),
    windowedAttention(net, ...operands, 2),
  ];
  const network = net.build();
  const feeds = drawFeeds(network, 41);
  const [whole, plain, halves] = await Promise.all(
    both.map((value) => runForward(nodeRuntime, network, value, feeds, 'inference')),
  );
  whole!.forEach((v, i) => {
    expect(v).toBeCloseTo(plain![i]!, 5);
  });
  expect(halves).not.toEqual(plain);
  expect(() => windowedAttention(net, ...operands, 3)).toThrow(ShapeError);
});

/** Which tokens of a 4x4 grid each token reads: those whose change moves its output. */
async function readsOf(windows: Windows): Promise<string[]> {
  const built = seeded((net) => gridAttention(net, 'a', net.input('x', ['K', 1, 16, 4]), { heads: 2, windows }));
  const network = bindNetwork(built.network, { K: 1 });
  const feeds = drawFeeds(network, 5);
  const out = async (x: readonly number[]) =>
    runForward(nodeRuntime, network, network.outputs.out!, { ...feeds, x }, 'inference');
  const before = await out(feeds.x!);
  const reads = Array.from({ length: 16 }, () => '');
  for (let token = 0; token < 16; token++) {
    const after = await out(feeds.x!.map((v, i) => (Math.floor(i / 4) === token ? v + 1 : v)));
    for (let t = 0; t < 16; t++) {
      const moved = [0, 1, 2, 3].some((c) => Math.abs(after[4 * t + c]! - before[4 * t + c]!) > 1e-5);
      if (moved) reads[t] += `${token} `;
    }
  }
  return reads.map((r) => r.trim());
}

test('tokens read their window; moved windows do not reach round the end of the grid', async () => {
  const still = await readsOf({ grid: [4, 4], window: 2 });
  expect(still[0]).toBe('0 1 4 5');
  expect(still[15]).toBe('10 11 14 15');
  const moved = await readsOf({ grid: [4, 4], window: 2, shift: 1 });
  // The corner is alone, an edge has two tokens, the middle four.
  expect(moved[0]).toBe('0');
  expect(moved[1]).toBe('1 2');
  expect(moved[4]).toBe('4 8');
  expect(moved[5]).toBe('5 6 9 10');
  expect(moved[15]).toBe('15');
});

test('windows that do not fit the grid, and grids that do not fit the tokens, are refused', () => {
  const attend = (windows: Windows) => () => {
    const net = new NetworkBuilder();
    gridAttention(net, 'a', net.input('x', ['K', 'N', 16, 4]), { heads: 2, windows });
  };
  expect(attend({ grid: [4, 4], window: 3 })).toThrow(ShapeError);
  expect(attend({ grid: [4, 2], window: 2 })).toThrow(ShapeError);
  expect(attend({ grid: [4, 4], window: 2, shift: 2 })).toThrow(ShapeError);
});

describe('a block with moved windows', () => {
  const windows = { grid: [4, 2], window: 2, shift: 1 };
  const built = seeded((net) =>
    transformerBlock(net, 't', net.input('x', ['K', 2, 8, 4]), { heads: 2, hidden: 6, gate: 'gelu', windows }),
  );
  const network = bindNetwork(built.network, { K: 2 });
  const loss = network.values[built.loss.id]!;

  test('has the same gradients on both runtimes and in forms for GPUs', async () => {
    const feeds = drawFeeds(network, 17);
    const exact = await gradientsOf(nodeRuntime, network, loss, feeds, { type: 'float64' });
    for (const [runtime, forms] of [
      [nodeRuntime, { contrib: true }],
      [webRuntime, { contrib: true, provider: 'wasm' }],
      [nodeRuntime, { contrib: true, provider: 'webgpu' }],
    ] as const) {
      expect(relativeError(await gradientsOf(runtime, network, loss, feeds, forms), exact)).toBeLessThan(1e-4);
    }
  });
});
