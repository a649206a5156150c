import { describe, expect, test } from 'vitest';
import { largest } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { mlp } from '../networks/mlp.ts';
import { FisherDiagonal, fisherRatio, sampledClasses } from './fisher.ts';
import { Gradients, perExample } from './gradients.ts';
import { initialState } from './state.ts';
import { classifier, classifierData } from './testing/classifier.ts';
import { independence, zeroCostScores } from './zero-cost.ts';

const kinds = { x: 'rows', y: 'classes' } as const;
const spec = { network: classifier(0.5), data: kinds };

describe('gradients', () => {
  test('of examples have the gradient of their batch as mean, and each its own loss', async () => {
    const rows = Int32Array.from({ length: 7 }, (_, i) => i * 5);
    const whole = await Gradients.create(nodeRuntime, { ...spec, members: 1, batch: 7 }, classifierData);
    const { parameters } = initialState(whole.layout, [4]);
    const { gradient, value } = await whole.run(parameters, BigInt64Array.from(rows, BigInt));
    await whole.dispose();
    const mean = new Float32Array(gradient.length);
    const losses: number[] = [];
    const each = (loss: number, g: Float32Array, at: number) => {
      losses[at] = loss;
      g.forEach((v, i) => {
        mean[i]! += v / 7;
      });
    };
    await perExample(nodeRuntime, spec, classifierData, parameters, rows, each, 3);
    expect(largest(mean, gradient)).toBeLessThan(1e-6);
    expect(losses).toHaveLength(7);
    expect(losses.reduce((a, b) => a + b, 0) / 7).toBeCloseTo(value[0]!, 5);
    expect(new Set(losses).size).toBe(7);
  });

  test('by inputs follow finite differences', async () => {
    const run = async (x: Float32Array) => {
      const data = { ...classifierData, x: { ...classifierData.x, data: x } };
      const g = await Gradients.create(nodeRuntime, { ...spec, members: 1, batch: 1, inputs: ['x'] }, data);
      const result = await g.run(initialState(g.layout, [4]).parameters, BigInt64Array.of(2n));
      await g.dispose();
      return result;
    };
    const x = classifierData.x.data as Float32Array;
    const { others } = await run(x);
    for (const i of [0, 1, 2]) {
      const moved = (by: number) => run(x.map((v, at) => (at === 6 + i ? v + by : v)));
      const slope = ((await moved(0.01)).value[0]! - (await moved(-0.01)).value[0]!) / 0.02;
      expect(others.x![i]!).toBeCloseTo(slope, 3);
    }
  });
});

describe('Fisher statistics', () => {
  test('are means of squares, and their ratio is free of scale', () => {
    const fisher = new FisherDiagonal({ size: 3 });
    expect(() => fisher.diagonal()).toThrow(RangeError);
    fisher.add(Float32Array.of(1, -2, 0));
    fisher.add(Float32Array.of(3, 0, 0));
    expect([...fisher.diagonal()]).toEqual([5, 2, 0]);
    const entry = { id: 0, shape: [], init: { kind: 'constant', value: 0 } } as const;
    const entries = [
      { ...entry, name: 'a', offset: 0, size: 2 },
      { ...entry, name: 'b', offset: 2, size: 1 },
    ];
    const ratio = (d: Float64Array) => fisherRatio(d, { size: 3, entries, rate: null, decay: null }, (n) => n === 'a');
    expect(ratio(fisher.diagonal())).toBeCloseTo(29 / 2 / 3.5 ** 2, 12);
    expect(ratio(fisher.diagonal().map((v) => v * 7))).toBeCloseTo(29 / 2 / 3.5 ** 2, 12);
  });

  test('draw classes as often as they are predicted', () => {
    const probabilities = Float32Array.from({ length: 9000 }, (_, i) => [0.2, 0.5, 0.3][i % 3]!);
    const drawn = sampledClasses(probabilities, 3, 1);
    [0.2, 0.5, 0.3].forEach((p, c) => {
      expect(Math.abs(drawn.filter((v) => v === BigInt(c)).length / 3000 - p)).toBeLessThan(0.03);
    });
  });
});

describe('zero-cost scores', () => {
  test('of a network of one product are those on paper', async () => {
    const net = new NetworkBuilder();
    const x = net.input('x', ['K', 'N', 2]);
    const w = net.parameter('w', ['K', 2, 2], { kind: 'normal', deviation: 1 });
    const logits = net.apply('matmul', [x, w]);
    net.output('logits', logits);
    net.output('loss', net.apply('mse', [logits, net.input('y', ['K', 'N', 2])]));
    const tensor = (...values: number[]): Tensor => ({
      type: 'float32',
      dims: [2, 2],
      data: Float32Array.from(values),
    });
    const data = { x: tensor(1, 0, 0, 1), y: tensor(0, 0, 0, 0) };
    const parameters = Float32Array.of(1, -2, 3, -1);
    const request = { kinds: { x: 'rows', y: 'rows' }, features: 'x', logits: 'logits', hidden: 'logits' } as const;
    const rows = Int32Array.of(0, 1);
    const scores = await zeroCostScores(nodeRuntime, { ...request, network: net.build(), data, parameters, rows });
    // The loss is the mean over two rows of w², its gradient w.
    expect(scores.gradientNorm).toBeCloseTo(Math.sqrt(15), 5);
    expect(scores.snip).toBeCloseTo(15, 5);
    expect(scores.logSynflow).toBeCloseTo(Math.log(7), 5);
    // Both rows have the Jacobian w summed over outputs: fully correlated, eigenvalues 0 and 2.
    expect(scores.jacobianCovariance).toBeCloseTo(-(Math.log(1e-5) + 1e5 + Math.log(2) + 0.5), -1);
    expect(scores.hiddenCovariance).toBeCloseTo(scores.jacobianCovariance, -1);
  });

  test('call independent rows better than like ones', async () => {
    const random = new Random(1);
    const normal = (n: number) => Float32Array.from({ length: n }, () => random.normal());
    const apart = normal(8 * 500);
    const shared = normal(500);
    const alike = apart.map((v, i) => shared[i % 500]! + 0.1 * v);
    expect(independence(apart, 8)).toBeCloseTo(-8, 0);
    expect(independence(alike, 8)).toBeLessThan(independence(apart, 8) - 10);
    const network = mlp({ inputs: 3, hidden: [16], classes: 2 });
    const layout = { network, kinds, data: classifierData, features: 'x', logits: 'logits' } as const;
    const probe = await Gradients.create(nodeRuntime, { network, data: kinds, members: 1, batch: 1 }, classifierData);
    const { parameters } = initialState(probe.layout, [2]);
    await probe.dispose();
    const rows = Int32Array.from({ length: 8 }, (_, i) => i);
    const scores = await zeroCostScores(nodeRuntime, { ...layout, parameters, rows });
    for (const score of Object.values(scores)) expect(Number.isFinite(score)).toBe(true);
  });
});
