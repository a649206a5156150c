import type { Scalar } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { type Network, NetworkBuilder } from '#core/ir/network.ts';
import { programEngine } from '#core/train/engine.ts';
import { initialState } from '#core/train/state.ts';
import { classifier, classifierData, trainClassifier } from '#core/train/testing/classifier.ts';
import { trainerContract } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import { loadTf } from './load.ts';
import { tfjsEngine } from './trainer.ts';

const loaded = await loadTf('cpu');
const { tf } = loaded;
const engine = tfjsEngine(loaded);

trainerContract(engine, programEngine(nodeRuntime));

test('names the library, its version and the backend that ran', () => {
  expect(engine.name).toMatch(/^tfjs \d+\.\d+\.\d+ cpu$/);
});

test('a run leaves no tensors behind', async () => {
  await trainClassifier(engine, { members: [0, 1], dropout: 0.3 });
  const before = tf.memory().numTensors;
  await trainClassifier(engine, { members: [0, 1], dropout: 0.3, chunks: [10, 20] });
  expect(tf.memory().numTensors).toBe(before);
});

test('refuses data that is missing', async () => {
  const spec = { members: 1, batch: 8, beta1: 0.9, beta2: 0.99, decay: false, clipNorm: null };
  const options = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, seed: 0 };
  const whole = { ...spec, network: classifier(0), data: { x: 'rows', y: 'classes' } } as const;
  await expect(engine.create(whole, { x: classifierData.x }, options)).rejects.toThrow('y');
});

test('descent, momentum and Adam take the steps of the library', async () => {
  const own = {
    sgd: (beta1: number) => (beta1 === 0 ? tf.train.sgd(0.1) : tf.train.momentum(0.1, beta1, true)),
    adamw: (beta1: number) => tf.train.adam(0.1, beta1, 0.95, 1e-6),
  };
  for (const [optimizer, beta1] of [
    ['sgd', 0],
    ['sgd', 0.7],
    ['adamw', 0.8],
  ] as const) {
    const options = { beta1, beta2: 0.95, epsilon: 1e-6, seed: 0 };
    const spec = { network: bowl(), data: { x: 'rows' }, members: 1, batch: 1, optimizer, decay: false } as const;
    const x = { type: 'float32', dims: [1, 3], data: Float32Array.of(1, -2, 0.5) } as const;
    const trainer = await engine.create({ ...spec, ...options, clipNorm: null }, { x }, options);
    const start = initialState(trainer.layout, [3]);
    const plan = { order: new BigInt64Array(6), learningRate: () => 0.1 };
    const { state } = await trainer.advance(start, plan);
    await trainer.dispose();
    const w = tf.variable(tf.tensor1d(start.parameters));
    const library = own[optimizer](beta1);
    for (let i = 0; i < 6; i++) library.minimize(() => tf.sum(tf.square(tf.sub(w, x.data))) as Scalar);
    const wanted = await w.data();
    expect(Array.from(state.parameters, (v, i) => Math.abs(v - wanted[i]!))).toEqual(
      Array.from(wanted, () => expect.toSatisfy((off: number) => off < 1e-5)),
    );
    library.dispose();
    w.dispose();
  }
});

/** Squared distance of three parameters from one row. */
function bowl(): Network {
  const net = new NetworkBuilder();
  const w = net.parameter('w', ['K', 1, 3], { kind: 'normal', deviation: 1 });
  net.output('loss', net.apply('mse', [w, net.input('x', ['K', 1, 3])]));
  return net.build();
}
