/** What every training engine promises, as one suite of tests to run on each. */
import { describe, expect, test } from 'vitest';
import type { Tensor } from '#core/contracts/runtime.ts';
import { type Network, NetworkBuilder } from '#core/ir/network.ts';
import { batchNorm } from '#core/layers/batch-norm.ts';
import type { TrainingEngine } from '#core/train/engine.ts';
import type { Layout } from '#core/train/layout.ts';
import { optimizerNames } from '#core/train/optimizer.ts';
import { initialState, readParameter } from '#core/train/state.ts';
import {
  classifierData,
  referenceClassifier,
  STEPS,
  startOfClassifier,
  trainClassifier,
} from '#core/train/testing/classifier.ts';
import { LINE_STEPS, MOMENTUM, referenceLine, trainLine } from '#core/train/testing/line.ts';
import { trainPopulation, trials } from '#core/train/testing/population.ts';

export const largest = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);

/**
 * Registers the suite for `engine`.
 * @param other an engine that takes runs over half-way
 */
export function trainerContract(engine: TrainingEngine, other: TrainingEngine): void {
  describe(`the contract of trainers on ${engine.name}`, () => {
    test.each([[null], [0.05]])('follows a float64 AdamW written out by hand, gradient limit %s', async (clipNorm) => {
      const { state, layout } = await trainClassifier(engine, { spec: { clipNorm } });
      const start = startOfClassifier(layout);
      expect(largest(state.parameters, referenceClassifier(start, clipNorm))).toBeLessThan(2e-4);
      expect(largest(state.parameters, start)).toBeGreaterThan(0.1);
    });

    test('learns', async () => {
      const { losses, state } = await trainClassifier(engine);
      expect(losses).toHaveLength(STEPS);
      expect(state.step).toBe(STEPS);
      expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.5);
    });

    test.each([[0], [0.3]])('is the same bit by bit in one call, in many, and again (dropout %s)', async (dropout) => {
      const once = await trainClassifier(engine, { dropout });
      const pieces = await trainClassifier(engine, { dropout, chunks: [1, 12, 7, 10] });
      expect(pieces.state).toEqual(once.state);
      expect(pieces.losses).toEqual(once.losses);
      expect((await trainClassifier(engine, { dropout })).state).toEqual(once.state);
    });

    test('dropout changes the outcome', async () => {
      const [without, with_] = [await trainClassifier(engine), await trainClassifier(engine, { dropout: 0.3 })];
      expect(largest(without.state.parameters, with_.state.parameters)).toBeGreaterThan(1e-3);
    });

    test('a member trained beside others equals the member trained alone', async () => {
      const together = await trainClassifier(engine, { members: [0, 1, 2] });
      for (const k of [0, 1, 2]) {
        const alone = await trainClassifier(engine, { members: [k] });
        const n = together.layout.size;
        const mine = together.state.parameters.subarray(k * n, (k + 1) * n);
        expect(largest(alone.state.parameters, mine)).toBeLessThan(1e-5);
        expect(Math.abs(alone.losses.at(-1)! - together.losses.at(k - 3)!)).toBeLessThan(1e-5);
      }
    });

    test('trials with hyperparameters of their own have the loss curves that they have alone', async () => {
      const together = await trainPopulation(engine, trials, [15, 25]);
      for (const [k, trial] of trials.entries()) {
        const alone = await trainPopulation(engine, [trial], [40]);
        expect(largest(together.curves[k]!, alone.curves[0]!)).toBeLessThan(1e-5);
        const mine = together.parameters.subarray(k * together.size, (k + 1) * together.size);
        expect(largest(mine, alone.parameters)).toBeLessThan(1e-4);
      }
      expect(new Set(together.curves.map((curve) => curve.at(-1))).size).toBe(trials.length);
    });

    test('an input of steps is read anew at each', async () => {
      const net = new NetworkBuilder();
      const w = net.parameter('w', ['K', 1, 1], { kind: 'constant', value: 0 });
      net.output('loss', net.apply('mse', [w, net.input('target', ['K', 1, 1])]));
      const adam = { beta1: 0.9, beta2: 0.95 };
      const spec = { ...adam, network: net.build(), data: { target: 'step' } as const, members: 2, batch: 1 };
      const whole = { ...spec, decay: false, clipNorm: null };
      const trainer = await engine.create(whole, {}, { ...adam, epsilon: 1e-6, seed: 5 });
      const inputs = { target: Float32Array.of(1, 2, 3, 4, 5, 6) };
      const plan = { order: BigInt64Array.from({ length: 6 }, () => 0n), learningRate: () => 0 };
      const start = initialState(trainer.layout, [1, 2]);
      expect([...(await trainer.advance(start, { ...plan, inputs })).losses]).toEqual([1, 4, 9, 16, 25, 36]);
      await expect(trainer.advance(start, plan)).rejects.toThrow(/target/);
      await trainer.dispose();
    });

    test('an input that is the same at every step is read whole', async () => {
      const eight: Tensor = {
        type: 'float32',
        dims: [1, 8, 3],
        data: (classifierData.x.data as Float32Array).slice(0, 24),
      };
      const whole = await takeSteps(engine, linear(8), 'whole', eight);
      const rows = await takeSteps(engine, linear('N'), 'rows', classifierData.x);
      expect(largest(whole.end, rows.end)).toBe(0);
    });

    test('batch normalisation trains by the rows of the step and leaves its statistics for inference alone', async () => {
      const run = (by: TrainingEngine) => takeSteps(by, normalised(), 'rows', classifierData.x);
      const { layout, start, end } = await run(engine);
      expect(largest(end, (await run(other)).end)).toBeLessThan(1e-4);
      expect(largest(end, start)).toBeGreaterThan(0.01);
      for (const name of ['norm.mean', 'norm.variance']) {
        expect(readParameter(layout, end, name)).toEqual(readParameter(layout, start, name));
      }
    });

    test.each(
      optimizerNames.flatMap((optimizer) => [
        { optimizer, beta1: MOMENTUM, clipNorm: null },
        { optimizer, beta1: MOMENTUM, clipNorm: 0.5 },
        { optimizer, beta1: 0, clipNorm: null },
      ]),
    )('$optimizer follows its paper (momentum $beta1, gradient limit $clipNorm)', async (run) => {
      const { state, start } = await trainLine(engine, run);
      const wanted = referenceLine(start, run);
      expect(largest(state.parameters, wanted.p)).toBeLessThan(2e-5);
      expect(largest(state.average!, wanted.average)).toBeLessThan(2e-5);
      expect(largest(state.average!, state.parameters)).toBeGreaterThan(1e-3);
    });

    test.each(optimizerNames)('%s gives the same bits in one call and in many', async (optimizer) => {
      const once = await trainLine(engine, { optimizer });
      const pieces = await trainLine(engine, { optimizer, chunks: [1, 10, LINE_STEPS - 11] });
      expect(pieces.state).toEqual(once.state);
    });

    test(`a run goes on with ${other.name} half-way, masks of dropout included`, async () => {
      const run = { members: [0, 1], dropout: 0.3, chunks: [13, STEPS - 13] };
      const alone = await trainClassifier(other, run);
      const both = await trainClassifier(engine, { ...run, engines: [engine, other] });
      expect(largest(both.state.parameters, alone.state.parameters)).toBeLessThan(1e-4);
      both.losses.forEach((loss, i) => {
        expect(Math.abs(loss - alone.losses[i]!)).toBeLessThan(1e-4);
      });
    });
  });
}

/** One product: 3 inputs, 2 classes. */
function linear(rows: 'N' | 8): Network {
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', rows, 3]);
  const w = net.parameter('w', ['K', 3, 2], { kind: 'normal', deviation: 0.6 });
  const logits = net.apply('matmul', [x, w]);
  net.output('loss', net.apply('cross-entropy', [logits, net.input('y', ['K', rows, 2])], { smoothing: 0 }));
  return net.build();
}

/** The same with normalised inputs. */
function normalised(): Network {
  const net = new NetworkBuilder();
  const x = batchNorm(net, 'norm', net.input('x', ['K', 'N', 3]));
  const w = net.parameter('w', ['K', 3, 2], { kind: 'normal', deviation: 0.6 });
  const y = net.input('y', ['K', 'N', 2]);
  net.output('loss', net.apply('cross-entropy', [net.apply('matmul', [x, w]), y], { smoothing: 0 }));
  return net.build();
}

/** Parameters before and after three steps on the first eight rows. */
async function takeSteps(
  engine: TrainingEngine,
  network: Network,
  kind: 'rows' | 'whole',
  x: Tensor,
): Promise<{ layout: Layout; start: Float32Array; end: Float32Array }> {
  const adam = { beta1: 0.9, beta2: 0.95 };
  const spec = { ...adam, network, members: 1, batch: 8, decay: false, clipNorm: null };
  const data = { x, y: classifierData.y };
  const trainer = await engine.create({ ...spec, data: { x: kind, y: 'classes' } }, data, {
    ...adam,
    epsilon: 1e-6,
    seed: 5,
  });
  const { layout } = trainer;
  const order = BigInt64Array.from({ length: 24 }, (_, i) => BigInt(i % 8));
  const start = initialState(layout, [7]);
  const { state } = await trainer.advance(start, { order, learningRate: () => 0.05 });
  await trainer.dispose();
  return { layout, start: start.parameters, end: state.parameters };
}
