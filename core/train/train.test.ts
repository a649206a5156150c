import { expect, test } from 'vitest';
import { largest, trainerContract } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { programEngine } from './engine.ts';
import { Evaluator } from './evaluator.ts';
import { averageDecay, scheduleAt, scheduleNames } from './schedule.ts';
import { classifier, classifierData, trainClassifier } from './testing/classifier.ts';

const native = programEngine(nodeRuntime);
const plain = programEngine({ ...nodeRuntime, name: `${nodeRuntime.name} by standard operators` }, { contrib: false });
const web = programEngine(webRuntime);
trainerContract(native, web);
trainerContract(plain, native);
trainerContract(web, plain);

test('the evaluator gives every member its own rows', async () => {
  const { state } = await trainClassifier(native, { members: [0, 1] });
  const inputs = { x: classifierData.x };
  const both = await Evaluator.create(nodeRuntime, classifier(0), 2, ['x'], ['probabilities'], inputs);
  const out = await both.run(state.parameters, BigInt64Array.of(3n, 4n, 5n, 3n, 9n, 1n));
  await both.dispose();
  const one = await Evaluator.create(webRuntime, classifier(0), 1, ['x'], ['probabilities'], inputs);
  const second = await one.run(state.parameters.slice(state.parameters.length / 2), BigInt64Array.of(3n, 9n, 1n));
  await one.dispose();
  expect(largest(second.probabilities!, out.probabilities!.subarray(6))).toBeLessThan(1e-6);
  expect(out.probabilities!.length).toBe(12);
  expect(out.probabilities![0]! + out.probabilities![1]!).toBeCloseTo(1, 6);
});

test('the evaluator reads an input whole', async () => {
  const logits = async (rows: 'N' | 8, x: Tensor, whole: readonly string[]) => {
    const net = new NetworkBuilder();
    const w = net.parameter('w', ['K', 3, 2], { kind: 'normal', deviation: 0.6 });
    net.output('logits', net.apply('matmul', [net.input('x', ['K', rows, 3]), w]));
    const evaluator = await Evaluator.create(nodeRuntime, net.build(), 1, ['x'], ['logits'], { x }, { whole });
    const out = await evaluator.run(
      Float32Array.of(1, -2, 0.5, 3, 0, -1),
      BigInt64Array.from({ length: 8 }, (_, i) => BigInt(i)),
    );
    await evaluator.dispose();
    return out.logits!;
  };
  const first = (classifierData.x.data as Float32Array).slice(0, 24);
  const eight: Tensor = { type: 'float32', dims: [1, 8, 3], data: first };
  expect(await logits(8, eight, ['x'])).toEqual(await logits('N', classifierData.x, []));
});

test('schedules start and end where they should', () => {
  expect(scheduleAt('coslog4', 0)).toBe(0);
  expect(scheduleAt('coslog4', 1)).toBeCloseTo(0, 12);
  // Crests lie where log2(1 + 15t) is a whole number and a half.
  expect(scheduleAt('coslog4', (2 ** 0.5 - 1) / 15)).toBeCloseTo(1, 12);
  expect(scheduleAt('flat-cosine', 0.49)).toBe(1);
  expect(scheduleAt('flat-cosine', 1)).toBeCloseTo(0, 12);
  expect(scheduleAt('cosine', 0.5)).toBeCloseTo(0.5, 12);
  expect(scheduleAt('power-cosine', 0)).toBeCloseTo(1, 12);
  expect(scheduleAt('power-cosine', 0.5)).toBeCloseTo((10 ** 1.5 - 10) / 90, 12);
  expect(scheduleAt('one-cycle', 0)).toBeCloseTo(0.04, 12);
  expect(scheduleAt('one-cycle', 0.3)).toBeCloseTo(1, 12);
});

test('schedules stay between 0 and 1 and end at 0', () => {
  for (const name of scheduleNames) {
    for (let i = 0; i <= 100; i++) {
      const value = scheduleAt(name, i / 100);
      expect(value).toBeGreaterThanOrEqual(-1e-12);
      expect(value).toBeLessThanOrEqual(1 + 1e-12);
    }
    if (name !== 'constant') expect(scheduleAt(name, 1)).toBeCloseTo(0, 12);
  }
});

test('a moving average warms up', () => {
  expect(averageDecay(0.9, 0)).toBeCloseTo(0.1, 12);
  expect(averageDecay(0.9, 1000)).toBe(0.9);
});
