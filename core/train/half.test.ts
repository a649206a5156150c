import { expect, test } from 'vitest';
import { largest } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Runtime, Tensor } from '../contracts/runtime.ts';
import { halfToFloat } from '../onnx/half.ts';
import { programEngine } from './engine.ts';
import { fullState, halfRows, halfState } from './half.ts';
import { initialState, type TrainingState } from './state.ts';
import { classifier, classifierData } from './testing/classifier.ts';

const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6, seed: 1 };

async function train(runtime: Runtime, x: Tensor, half: readonly string[], wait = (state: TrainingState) => state) {
  const data = { x: 'rows', y: 'classes' } as const;
  const spec = { ...ADAM, network: classifier(0), data, members: 1, batch: 8, decay: false, clipNorm: null, half };
  const trainer = await programEngine(runtime).create(spec, { ...classifierData, x }, ADAM);
  let state = initialState(trainer.layout, [1]);
  for (let call = 0; call < 2; call++) {
    const order = BigInt64Array.from({ length: 80 }, (_, i) => BigInt((i * 7) % 60));
    state = wait((await trainer.advance(state, { order, learningRate: () => 0.02 })).state);
  }
  await trainer.dispose();
  return state.parameters;
}

test.each([nodeRuntime, webRuntime])('data in 16 bits trains as the same numbers in 32 ($name)', async (runtime) => {
  const x = halfRows(classifierData.x);
  const rounded = Float32Array.from(x.data as Uint16Array, halfToFloat);
  const full = await train(runtime, { ...classifierData.x, data: rounded }, []);
  expect(await train(runtime, x, ['x'])).toEqual(full);
  expect((x.data as Uint16Array).byteLength * 2).toBe(rounded.byteLength);
});

test('a run that waited with moments in 16 bits goes on nearly as it was', async () => {
  const without = await train(nodeRuntime, classifierData.x, []);
  const waited = await train(nodeRuntime, classifierData.x, [], (state) => fullState(halfState(state)));
  expect(largest(waited, without)).toBeLessThan(2e-3);
  expect(largest(waited, without)).toBeGreaterThan(0);
});

test('what 16 bits cannot hold is refused', () => {
  const of = (value: number): Tensor => ({ type: 'float32', dims: [1], data: Float32Array.of(value) });
  expect(() => halfRows(of(70_000))).toThrow(RangeError);
  expect(() => halfRows(classifierData.y)).toThrow(TypeError);
  expect(halfRows(of(Number.NaN)).data[0]).toBe(0x7e00);
});
