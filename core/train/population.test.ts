import { describe, expect, test } from 'vitest';
import { largest } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { jitter } from '../augment/jitter.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { readMlpDesign } from '../learners/mlp/design.ts';
import { mlpNetwork } from '../learners/mlp/network.ts';
import { Random } from '../math/random.ts';
import { mlp } from '../networks/mlp.ts';
import { programEngine } from './engine.ts';
import { gradientNoiseAt } from './gradient-noise.ts';
import { mixupShare } from './mixup.ts';
import { type Member, Population } from './population.ts';
import { classifierData } from './testing/classifier.ts';
import { ADAM, someRows, spec, trainPopulation, trials } from './testing/population.ts';

const engine = programEngine(nodeRuntime);

describe('a population', () => {
  test('goes on without the members that are dropped, as if they were there', async () => {
    const whole = await trainPopulation(engine, trials, [40]);
    const population = await Population.create(engine, spec, classifierData, ADAM, trials);
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
    const member: Member = { seed: 1, rows: someRows(12), learningRate: () => 0.1 };
    const exact = await trainPopulation(engine, [member], [20], { ...masked, batch: 12 });
    const filled = await trainPopulation(engine, [member, { ...member, rows: someRows(16) }], [20], {
      ...masked,
      batch: 16,
    });
    expect(largest(filled.curves[0]!, exact.curves[0]!)).toBeLessThan(1e-5);
    expect(Math.abs(filled.curves[1]!.at(-1)! - exact.curves[0]!.at(-1)!)).toBeGreaterThan(1e-3);
  });

  test('adds noise, mixes and augments rows for each member as alone', async () => {
    const changed = { ...spec, gradientNoise: true, mixup: ['x', 'y'], augment: { x: [jitter({ deviation: 0.1 })] } };
    const members = [
      { ...trials[0]!, gradientNoise: (t: number) => gradientNoiseAt(0.01, t) },
      { ...trials[1]!, mix: (t: number) => mixupShare(0.4, 5, t) },
    ];
    const together = await trainPopulation(engine, members, [10, 10], changed);
    const plain = await trainPopulation(engine, members, [20]);
    for (const [k, member] of members.entries()) {
      const alone = await trainPopulation(engine, [member], [20], changed);
      expect(largest(together.curves[k]!, alone.curves[0]!)).toBeLessThan(1e-5);
      expect(largest(together.curves[k]!, plain.curves[k]!)).toBeGreaterThan(1e-3);
    }
  });

  test.each([
    ['binary', 2, 300, 64],
    ['multiclass', 5, 20, 100],
    ['regression', 1, 40, 24],
  ] as const)('gives a member of a %s network the bits of its run alone', async (problem, outputs, dense, batch) => {
    // Products of several parts, batches whose inverse is no binary fraction, rates at which rounding soon shows.
    const design = readMlpDesign({ width: 40, layers: 2, numericEmbedding: outputs === 5 ? 'pbld' : 'none' });
    const columns = { continuous: outputs === 5 ? 6 : dense, columnOf: [], pieces: 0 };
    const shape = { dense, ...columns, embedded: 0, tableRows: 0, outputs };
    const network = mlpNetwork(design, shape, 'K', { problem, smoothing: 0, weighted: false });
    const random = new Random(1);
    const floats = (n: number) => Float32Array.from({ length: 120 * n }, () => random.normal());
    const y: Tensor =
      problem === 'regression'
        ? { type: 'float32', dims: [120, 1], data: floats(1) }
        : {
            type: 'int64',
            dims: [120],
            data: BigInt64Array.from({ length: 120 }, () => BigInt(random.integer(outputs))),
          };
    const data: Record<string, Tensor> = { x: { type: 'float32', dims: [120, dense], data: floats(dense) }, y };
    const kinds = { x: 'rows', y: problem === 'regression' ? 'rows' : 'classes' } as const;
    const rows = Int32Array.from({ length: 120 }, (_, i) => i);
    const members = [1, 2, 3].map((seed): Member => ({ seed, rows, learningRate: () => 0.1, decay: () => 0.01 }));
    const run = async (some: readonly Member[]) => {
      const population = await Population.create(engine, { ...ADAM, network, data: kinds, batch }, data, ADAM, some);
      const curves = await population.advance(80);
      await population.dispose();
      return { curves, parameters: population.state.parameters };
    };
    const together = await run(members);
    const size = together.parameters.length / members.length;
    for (const [k, member] of members.entries()) {
      const alone = await run([member]);
      expect(alone.curves[0]).toEqual(together.curves[k]);
      expect(alone.parameters).toEqual(together.parameters.slice(k * size, (k + 1) * size));
    }
  });

  test('has the same bits in two runs and on two threads', async () => {
    // Wide enough for the kernels to share out their work.
    const network = mlp({ inputs: 3, hidden: [160, 160], classes: 2, dropout: 0.2 });
    const wide = { ...spec, network, batch: 48, average: true };
    const members = trials.filter((m) => m.rows.length >= 48);
    const two = programEngine({ ...nodeRuntime, threads: 2 });
    const one = await trainPopulation(engine, members, [6], wide);
    expect(await trainPopulation(engine, members, [6], wide)).toEqual(one);
    expect(await trainPopulation(two, members, [6], wide)).toEqual(one);
  });
});
