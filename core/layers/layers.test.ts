import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { ShapeError } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { runForward } from '../ops/testing/gradient-check.ts';
import { Evaluator } from '../train/evaluator.ts';
import { BatchOrder } from '../train/order.ts';
import { compileProgram } from '../train/program.ts';
import { initialState, readParameter } from '../train/state.ts';
import { collectStatistics, normalised } from '../train/statistics.ts';
import { Trainer } from '../train/trainer.ts';
import { attention, multiHeadAttention } from './attention.ts';
import { batchNorm } from './batch-norm.ts';

const random = new Random(11);
const draw = (count: number): number[] => Array.from({ length: count }, () => random.normal());

test('attention follows its formula, with a bias that hides positions', async () => {
  const [T, S, D, E] = [2, 3, 4, 2];
  const net = new NetworkBuilder();
  const [q, k, v, bias] = [
    net.input('q', [1, T, D]),
    net.input('k', [1, S, D]),
    net.input('v', [1, S, E]),
    net.input('b', [T, S]),
  ];
  const out = attention(net, q, k, v, { bias });
  const feeds = { q: draw(T * D), k: draw(S * D), v: draw(S * E), b: [0, 0, -1e9, 0, 0, 0] };
  const result = await runForward(nodeRuntime, net.build(), out, feeds, 'inference');
  for (let t = 0; t < T; t++) {
    const scores = Array.from({ length: S }, (_, s) => {
      const dot = Array.from({ length: D }, (_, d) => feeds.q[t * D + d]! * feeds.k[s * D + d]!).reduce(
        (a, b) => a + b,
      );
      return Math.exp(dot / 2 + feeds.b[t * S + s]!);
    });
    const total = scores.reduce((a, b) => a + b);
    for (let e = 0; e < E; e++) {
      const wanted = scores.reduce((sum, p, s) => sum + (p / total) * feeds.v[s * E + e]!, 0);
      expect(result[t * E + e]).toBeCloseTo(wanted, 5);
    }
  }
});

test('attention scores depend on the distance of rotary positions only', async () => {
  const net = new NetworkBuilder();
  const [q, k] = [net.input('q', [1, 5, 4]), net.input('k', [1, 5, 4])];
  const turned = [q, k].map((x) => net.apply('rotary', [x], { base: 100 }));
  const scores = net.apply('matmul', [turned[0]!, net.apply('transpose', [turned[1]!], { perm: [0, 2, 1] })]);
  const repeated = (row: readonly number[]): number[] => Array.from({ length: 5 }, () => row).flat();
  const feeds = { q: repeated(draw(4)), k: repeated(draw(4)) };
  const result = await runForward(nodeRuntime, net.build(), scores, feeds, 'inference');
  // Along a diagonal the distance is the same.
  for (const [i, j] of [
    [0, 1],
    [1, 3],
    [4, 2],
  ] as const) {
    const [a, b] = [i * 5 + j, Math.min(i, j) === 0 ? (i + 1) * 5 + j + 1 : (i - 1) * 5 + j - 1];
    expect(result[a]).toBeCloseTo(result[b]!, 5);
  }
  expect(Math.abs(result[1]! - result[5]!)).toBeGreaterThan(1e-3);
});

test('heads must divide the width', () => {
  const net = new NetworkBuilder();
  expect(() => multiHeadAttention(net, 'a', net.input('x', [1, 2, 3, 4]), { heads: 3 })).toThrow(ShapeError);
});

/** Convolution, batch normalisation, pooling: two channels of 4x4 to three classes. */
function imageNetwork(): Network {
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', 2, 4, 4]);
  const w = net.parameter('w', ['K', 4, 2, 3, 3], { kind: 'normal', deviation: 0.3 });
  const convolved = net.apply('conv', [x, w], { pads: [1, 1, 1, 1] });
  const normal = net.apply('leaky-relu', [batchNorm(net, 'norm', convolved)], { slope: 0.1 });
  const pooled = net.apply('max-pool', [net.apply('dropout', [normal], { rate: 0.2 })], { kernel: [2, 2] });
  const wide = net.apply('average-pool', [net.apply('resize', [pooled], { mode: 'nearest', factors: [2, 2] })], {
    kernel: [2, 2],
  });
  const features = net.apply('global-average-pool', [wide], { axes: 2 });
  const head = net.parameter('head', ['K', 4, 2], { kind: 'normal', deviation: 0.5 });
  const logits = net.apply('matmul', [features, head]);
  net.output('logits', logits);
  net.output('loss', net.apply('cross-entropy', [logits, net.input('y', ['K', 'N', 2])], { smoothing: 0 }));
  return net.build();
}

test('an image network with batch normalisation learns, and exports with the statistics of the training rows', async () => {
  const [rows, batch, members] = [48, 8, 2];
  const classes = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % 2));
  // The classes differ in the size of the pattern, far from mean 0.
  const images = Float32Array.from(
    { length: rows * 32 },
    (_, i) => 3 + random.normal() * (Math.floor(i / 32) % 2 ? 2 : 0.5),
  );
  const data: Record<string, Tensor> = {
    x: { type: 'float32', dims: [rows, 2, 4, 4], data: images },
    y: { type: 'int64', dims: [rows], data: classes },
  };
  const network = imageNetwork();
  expect(normalised(network)).toEqual(['norm']);
  const program = compileProgram({
    network,
    data: { x: 'rows', y: 'classes' },
    members,
    batch,
    beta1: 0.9,
    beta2: 0.99,
    decay: true,
    clipNorm: 1,
    contrib: true,
    threads: 1,
  });
  const trainer = await Trainer.create(nodeRuntime, program, data, { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, seed: 2 });
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const order = new BatchOrder([all, all], [1, 2], batch);
  const plan = { order: order.next(120), learningRate: () => 0.03, decay: () => 0.001 };
  const { state, losses } = await trainer.advance(initialState(program.layout, [1, 2]), plan);
  await trainer.dispose();
  const mean = (list: Float32Array): number => list.reduce((a, b) => a + b, 0) / list.length;
  expect(mean(losses.slice(-20))).toBeLessThan(0.5 * mean(losses.slice(0, 20)));
  // Training leaves the statistics alone.
  expect(new Set(readParameter(program.layout, state.parameters, 'norm.mean'))).toEqual(new Set([0]));

  const request = { network, members, inputs: ['x'], data, rows: [all, all] };
  const filled = await collectStatistics(nodeRuntime, state.parameters, { ...request, batch });
  const whole = await collectStatistics(nodeRuntime, state.parameters, { ...request, batch: rows });
  filled.forEach((v, i) => {
    expect(Math.abs(v - whole[i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(v)));
  });
  // On all rows at once the training form and both runtimes' inference forms are the same function.
  const taken = BigInt64Array.from([...all, ...all], BigInt);
  const logits = async (runtime: typeof nodeRuntime, options: { trainingBatch?: number }) => {
    const evaluator = await Evaluator.create(runtime, network, members, ['x'], ['logits'], { x: data.x! }, options);
    const out = await evaluator.run(whole, taken);
    await evaluator.dispose();
    return out.logits!;
  };
  const wanted = await logits(nodeRuntime, { trainingBatch: rows });
  for (const runtime of [nodeRuntime, webRuntime]) {
    (await logits(runtime, {})).forEach((v, i) => {
      expect(Math.abs(v - wanted[i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(v)));
    });
  }
  const right = [...all, ...all].filter((row, i) => (wanted[2 * i]! < wanted[2 * i + 1]! ? 1 : 0) === row % 2).length;
  expect(right / (members * rows)).toBeGreaterThan(0.9);
});
