import { expect, test } from 'vitest';
import { largest } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { emitForward } from '../ir/emit.ts';
import { bindNetwork, NetworkBuilder } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { Random } from '../math/random.ts';
import { classify } from '../networks/outputs.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from '../ops/emitter.ts';
import { programEngine } from './engine.ts';
import { GUIDE, guidedNetwork, linearCka } from './guidance.ts';
import { layoutOf } from './layout.ts';
import { BatchOrder } from './order.ts';
import { initialState, readParameter } from './state.ts';
import { classifierData } from './testing/classifier.ts';
import { transferParameters } from './transfer.ts';

/** Linear CKA of features [1, rows, ...] in the graph. */
async function cka(rows: number, a: Float32Array, b: Float32Array): Promise<number> {
  const net = new NetworkBuilder();
  const [left, right] = ['a', 'b'].map((name) => {
    const width = (name === 'a' ? a : b).length / rows;
    return net.input(name, ['K', 'N', width / 2, 2]);
  });
  net.output('cka', linearCka(net, left!, right!));
  const network = bindNetwork(net.build(), { K: 1, N: rows });
  const graph = new GraphBuilder();
  const given = new Map(
    Object.entries(network.inputs).map(([name, v]) => [v.id, graph.input(name, 'float32', v.shape as number[])]),
  );
  const pass = emitForward(new Emitter(graph, { mode: 'training' }), network, given, [network.outputs.cka!]);
  graph.output('out', 'float32', [1, 1, 1], pass.names.get(network.outputs.cka!.id)!);
  const session = await nodeRuntime.createSession(graph.toBytes());
  const tensor = (data: Float32Array): Tensor => ({
    type: 'float32',
    dims: [1, rows, data.length / rows / 2, 2],
    data,
  });
  const { out } = await session.run({ a: tensor(a), b: tensor(b) });
  await session.dispose();
  return (out!.data as Float32Array)[0]!;
}

const normal = (seed: number, n: number) => {
  const random = new Random(seed);
  return Float32Array.from({ length: n }, () => random.normal());
};

test('alignment does not change where features are turned, scaled and moved, and is small for unlike ones', async () => {
  const a = normal(1, 200 * 4);
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  // Features 0 and 2 are turned against each other; all are scaled and moved.
  const turned = a.map((v, i) => {
    const [row, d] = [i - (i % 4), i % 4];
    const mixed = d === 0 ? c * v - s * a[row + 2]! : d === 2 ? s * a[row]! + c * v : v;
    return 3 * mixed - 5;
  });
  expect(await cka(200, a, a)).toBeCloseTo(1, 4);
  expect(await cka(200, a, turned)).toBeCloseTo(1, 4);
  expect(await cka(200, turned, a)).toBeCloseTo(1, 4);
  expect(await cka(200, a, normal(2, 200 * 4))).toBeLessThan(0.1);
  const half = a.map((v, i) => v + 1.5 * normal(3, 800)[i]!);
  expect(await cka(200, a, half)).toBeGreaterThan(0.15);
  expect(await cka(200, a, half)).toBeLessThan(0.8);
  expect(await cka(200, a, new Float32Array(800).fill(2))).toBe(0);
});

function network(width: number) {
  const net = new NetworkBuilder();
  const h = net.apply('tanh', [dense(net, 'hidden', net.input('x', ['K', 'N', 3]), width)]);
  net.output('hidden', h);
  classify(net, dense(net, 'head', h, 2));
  return net.build();
}

test('a guided network grows like its guide, which stays as it is', async () => {
  const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6 };
  const guide = network(5);
  const guideLayout = layoutOf(bindNetwork(guide, { K: 2 }));
  const guideWeights = initialState(guideLayout, [8, 9], [3, 3]).parameters;
  const train = async (weight: number) => {
    const data = { x: 'rows', y: 'classes' } as const;
    const guided = guidedNetwork(network(4), guide, [['hidden', 'hidden']], weight);
    const spec = { ...adam, network: guided, data, members: 2, batch: 30, decay: true, clipNorm: null };
    const trainer = await programEngine(nodeRuntime).create(spec, classifierData, { ...adam, seed: 1 });
    const { layout } = trainer;
    const state = initialState(layout, [1, 2]);
    expect(transferParameters(guideLayout, guideWeights, layout, state.parameters, { toPrefix: GUIDE })).toBe(2);
    const rows = [0, 1].map(() => Int32Array.from({ length: 60 }, (_, i) => i));
    const plan = { order: new BatchOrder(rows, [1, 2], 30).next(60), learningRate: () => 0.03, decay: () => 0.001 };
    const result = await trainer.advance(state, plan);
    await trainer.dispose();
    const { parameters } = result.state;
    // Its head is left out, its hidden layer did not move.
    const kept = new Float32Array(guideWeights.length);
    expect(transferParameters(layout, parameters, guideLayout, kept, { fromPrefix: GUIDE })).toBe(2);
    for (const name of ['hidden.w', 'hidden.b']) {
      expect(readParameter(guideLayout, kept, name)).toEqual(readParameter(guideLayout, guideWeights, name));
    }
    return { likeness: await likenessOf(readParameter(layout, parameters, 'hidden.w')), losses: result.losses };
  };
  /** CKA of the first member's hidden layer with the guide's on all rows; biases are small. */
  const hidden = (w: Float32Array, width: number): Float32Array => {
    const x = classifierData.x.data as Float32Array;
    const unit = (row: number, j: number): number =>
      Math.tanh([0, 1, 2].reduce((sum, i) => sum + x[row * 3 + i]! * w[i * width + j]!, 0));
    return Float32Array.from({ length: 60 * 4 }, (_, i) => unit(Math.floor(i / 4), i % 4));
  };
  const likenessOf = (w: Float32Array) =>
    cka(60, hidden(w, 4), hidden(readParameter(guideLayout, guideWeights, 'hidden.w'), 5));
  const [free, guided] = [await train(0), await train(3)];
  expect(guided.likeness).toBeGreaterThan(free.likeness + 0.02);
  // The loss of the guided holds the distance from the guide, which falls.
  expect(guided.losses.at(-1)!).toBeLessThan(guided.losses[1]! * 0.7);
  expect(largest(free.losses.slice(0, 2), guided.losses.slice(0, 2))).toBeGreaterThan(0.1);
});
