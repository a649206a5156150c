import { describe, expect, test } from 'vitest';
import { largest } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { programEngine } from './engine.ts';
import { type Member, Population, type PopulationSpec } from './population.ts';
import { classifier, classifierData } from './testing/classifier.ts';

const engine = programEngine(nodeRuntime);
const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6 };
const spec: PopulationSpec = { ...ADAM, network: classifier(0.5), data: { x: 'rows', y: 'classes' }, batch: 8 };
const rows = (n: number, from = 0) => Int32Array.from({ length: n }, (_, i) => (from + i) % 60);

/** Six trials that differ in everything that may differ. */
const members: Member[] = [
  { seed: 1, rows: rows(50), learningRate: () => 0.05, decay: () => 0.001 },
  { seed: 2, rows: rows(40, 7), learningRate: (t) => 0.1 / (1 + t), dropoutScale: () => 0.2 },
  { seed: 3, rows: rows(50), learningRate: () => 0.01, clipNorm: 0.05 },
  { seed: 1, rows: rows(50), learningRate: () => 0.2, initGain: 0.3 },
  { seed: 5, rows: rows(60), learningRate: () => 0.02, dropoutScale: () => 0 },
  { seed: 6, rows: rows(24, 30), learningRate: () => 0.03, decay: () => 0.01, dropoutScale: () => 1.5 },
];

const train = async (some: readonly Member[], steps: readonly number[], of: PopulationSpec = spec) => {
  const population = await Population.create(engine, of, classifierData, ADAM, some);
  const curves = some.map((): number[] => []);
  for (const count of steps) {
    (await population.advance(count)).forEach((curve, k) => {
      curves[k]!.push(...curve);
    });
  }
  await population.dispose();
  return { curves, state: population.state, size: population.layout.size };
};

describe('a population', () => {
  test('gives every member the loss curve and the weights of its run alone', async () => {
    const together = await train(members, [15, 25]);
    for (const [k, member] of members.entries()) {
      const alone = await train([member], [40]);
      expect(largest(Float32Array.from(together.curves[k]!), alone.curves[0]!)).toBeLessThan(1e-5);
      const mine = together.state.parameters.subarray(k * together.size, (k + 1) * together.size);
      expect(largest(mine, alone.state.parameters)).toBeLessThan(1e-5);
    }
    const ends = together.curves.map((curve) => curve.at(-1));
    expect(new Set(ends).size).toBe(members.length);
  });

  test('goes on without the members that are dropped, as if they were there', async () => {
    const whole = await train(members, [40]);
    const population = await Population.create(engine, spec, classifierData, ADAM, members);
    await population.advance(10);
    await population.keep([0, 2, 4, 5]);
    await population.advance(10);
    await population.keep([5, 2]);
    expect(population.members).toEqual([5, 2]);
    const curves = await population.advance(20);
    await expect(population.keep([0])).rejects.toThrow(RangeError);
    await population.dispose();
    expect(largest(curves[0]!, whole.curves[5]!.slice(20))).toBeLessThan(1e-5);
    expect(largest(curves[1]!, whole.curves[2]!.slice(20))).toBeLessThan(1e-5);
  });

  test('weighs the rows of the last partial batch alone', async () => {
    const net = new NetworkBuilder();
    const x = net.input('x', ['K', 'N', 3]);
    const w = net.parameter('w', ['K', 3, 2], { kind: 'normal', deviation: 0.6 });
    const logits = net.apply('matmul', [x, w]);
    const [y, present] = [net.input('y', ['K', 'N', 2]), net.input('present', ['K', 'N', 1])];
    net.output('loss', net.apply('cross-entropy', [logits, y, present], { smoothing: 0 }));
    const masked = { ...spec, network: net.build(), maskInput: 'present' };
    // A batch that holds all rows once, and one that holds them and four that do not count.
    const member: Member = { seed: 1, rows: rows(12), learningRate: () => 0.1 };
    const exact = await train([member], [20], { ...masked, batch: 12 });
    const filled = await train([member, { ...member, rows: rows(16) }], [20], { ...masked, batch: 16 });
    expect(largest(Float32Array.from(filled.curves[0]!), exact.curves[0]!)).toBeLessThan(1e-5);
    expect(Math.abs(filled.curves[1]!.at(-1)! - exact.curves[0]!.at(-1)!)).toBeGreaterThan(1e-3);
  });
});
