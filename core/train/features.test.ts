import { describe, expect, test } from 'vitest';
import { largest } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { programEngine, type TrainingSpec } from './engine.ts';
import { gradientNoiseAt } from './gradient-noise.ts';
import { mixupShare } from './mixup.ts';
import { initialState } from './state.ts';
import { classifier, classifierData } from './testing/classifier.ts';
import type { StepPlan, TrainerOptions } from './trainer.ts';

const native = programEngine(nodeRuntime);
const web = programEngine(webRuntime);
const ADAM = { beta1: 0.9, beta2: 0.95 };
const base: TrainingSpec = {
  ...ADAM,
  network: classifier(0),
  data: { x: 'rows', y: 'classes' },
  members: 2,
  batch: 4,
  decay: false,
  clipNorm: null,
};
const order = (steps: number, batch: number) =>
  BigInt64Array.from({ length: steps * 2 * batch }, (_, i) => BigInt((i * 7) % 60));

async function train(
  spec: Partial<TrainingSpec>,
  plan: Pick<StepPlan, 'order'> & Partial<StepPlan>,
  options: Partial<TrainerOptions> = {},
  data: Readonly<Record<string, Tensor>> = classifierData,
  engine = native,
) {
  const whole = { ...base, ...spec };
  const trainer = await engine.create(whole, data, { ...ADAM, epsilon: 1e-6, seed: 3, ...options });
  const start = initialState(trainer.layout, [1, 2]);
  const { state, losses } = await trainer.advance(start, { learningRate: () => 0.02, ...plan });
  await trainer.dispose();
  return { start, state, losses, layout: trainer.layout };
}

describe.each([native, web])('accumulation by $name', (engine) => {
  test('of three batches is one batch of their rows', async () => {
    const [members, batch, parts, steps] = [2, 4, 3, 5];
    const rows = order(steps, batch * parts);
    // [steps, parts, members, batch] of [steps, members, parts, batch]
    const split = BigInt64Array.from(rows, (_, i) => {
      const [b, k, a, s] = [i % batch, Math.floor(i / batch) % members, Math.floor(i / 8) % parts, Math.floor(i / 24)];
      return rows[((s * members + k) * parts + a) * batch + b]!;
    });
    const accumulated = await train({ accumulate: parts }, { order: split }, {}, classifierData, engine);
    const whole = await train({ batch: batch * parts }, { order: rows }, {}, classifierData, engine);
    expect(largest(accumulated.state.parameters, whole.state.parameters)).toBeLessThan(1e-5);
    expect(largest(accumulated.losses, whole.losses)).toBeLessThan(1e-6);
    expect(largest(whole.state.parameters, whole.start.parameters)).toBeGreaterThan(0.05);
  });

  test('draws a mask of dropout for every batch, the same in one call and in several', async () => {
    const spec = { accumulate: 2, network: classifier(0.5) };
    const rows = order(6, 8);
    const once = await train(spec, { order: rows }, {}, classifierData, engine);
    const trainer = await engine.create({ ...base, ...spec }, classifierData, { ...ADAM, epsilon: 1e-6, seed: 3 });
    let state = once.start;
    for (const [from, to] of [
      [0, 1],
      [1, 6],
    ] as const) {
      const part = { order: rows.slice(from * 16, to * 16), learningRate: () => 0.02 };
      state = (await trainer.advance(state, part)).state;
    }
    await trainer.dispose();
    expect(state).toEqual(once.state);
  });
});

test('mixup with a share of 1 changes nothing; with less, rows learn from their neighbours', async () => {
  const mixed = { mixup: ['x', 'y'] };
  const plain = await train({}, { order: order(3, 4) });
  const same = await train(mixed, { order: order(3, 4), mix: () => 1 });
  expect(same.state).toEqual(plain.state);
  // Half of each of two rows is the same batch as the two exchanged.
  const pair = (a: bigint, b: bigint) => BigInt64Array.of(a, b, a, b);
  const half = (rows: BigInt64Array) => train({ ...mixed, batch: 2 }, { order: rows, mix: () => 0.5 });
  expect(largest((await half(pair(3n, 9n))).losses, (await half(pair(9n, 3n))).losses)).toBeLessThan(1e-6);
  const away = await train(mixed, { order: order(3, 4), mix: (t, k) => mixupShare(0.4, k, t) });
  expect(largest(away.state.parameters, plain.state.parameters)).toBeGreaterThan(1e-3);
  await expect(train({ mixup: ['z'] }, { order: order(1, 4) })).rejects.toThrow(/not z/);
});

test('shares of mixup have the mean and deviation of a folded Beta distribution', () => {
  const shares = Array.from({ length: 20_000 }, (_, t) => mixupShare(1, 7, t));
  const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5);
  // Beta(1, 1) is uniform; its larger part has mean 3/4.
  expect(mean).toBeCloseTo(0.75, 2);
});

test('noise of gradients is normal, of the deviation asked for, and differs by step and member', async () => {
  const net = new NetworkBuilder();
  const w = net.parameter('w', ['K', 1, 4000], { kind: 'constant', value: 0 });
  net.output('loss', net.apply('reshape', [net.apply('reduce-mean', [w], { axes: [2] })], { shape: ['K'] }));
  const plan = {
    order: order(2, 4),
    learningRate: () => -1,
    gradientNoise: (t: number, k: number) => (t + 1) * (k + 1),
  };
  const spec = { network: net.build(), optimizer: 'sgd', beta1: 0, gradientNoise: true, data: {} } as const;
  const { state } = await train(spec, plan, {}, {});
  const [a, b] = [state.parameters.subarray(0, 4000), state.parameters.subarray(4000)];
  const deviation = (x: Float32Array): number => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length);
  expect(deviation(a)).toBeCloseTo(Math.sqrt(5), 0);
  expect(Math.abs(deviation(a) / Math.sqrt(5) - 1)).toBeLessThan(0.05);
  expect(Math.abs(deviation(b) / deviation(a) - 2)).toBeLessThan(0.1);
  const within = a.filter((v) => Math.abs(v) < Math.sqrt(5)).length / a.length;
  expect(Math.abs(within - 0.683)).toBeLessThan(0.03);
  expect(gradientNoiseAt(0.3, 0)).toBeCloseTo(Math.sqrt(0.3), 12);
  expect(gradientNoiseAt(1, 99)).toBeCloseTo(100 ** -0.275, 12);
});

test('data larger than the bound is handed over in parts, with the same bits', async () => {
  const rows = order(9, 4);
  const whole = await train({ network: classifier(0.3) }, { order: rows });
  const parts = await train({ network: classifier(0.3) }, { order: rows }, { dataBytes: 20 * 20 });
  expect(parts.state).toEqual(whole.state);
  expect(parts.losses).toEqual(whole.losses);
});
