import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Runtime, Tensor } from '../contracts/runtime.ts';
import { type Network, networkCost } from '../ir/network.ts';
import { bindShape, countOf, sizes } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { readModel } from '../onnx/read.ts';
import { slowForms } from '../ops/slow-forms.ts';
import { Evaluator } from '../train/evaluator.ts';
import { compileProgram, type DataKind } from '../train/program.ts';
import { initialState } from '../train/state.ts';
import { collectStatistics } from '../train/statistics.ts';
import { Trainer } from '../train/trainer.ts';
import { mlp } from './mlp.ts';
import { recurrentClassifier } from './recurrent.ts';
import { resnet8 } from './resnet.ts';
import { type Instance, instances } from './testing/instances.ts';

const ROWS = 6;
const MEMBERS = 2;
const STEPS = 40;
const adam = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };

interface Learnable {
  readonly kinds: Record<string, DataKind>;
  readonly data: Record<string, Tensor>;
}

/** Random inputs; classes by turns, or values, or masks. */
function drawData(network: Network, { indices = {}, whole = false }: Instance): Learnable {
  const random = new Random(5);
  const kinds: Record<string, DataKind> = {};
  const data: Record<string, Tensor> = {};
  const losses = network.applications.map((a) => a.op);
  for (const [name, value] of Object.entries(network.inputs)) {
    const shape = sizes(whole ? bindShape(value.shape, { K: MEMBERS }) : [ROWS, ...value.shape.slice(2)]);
    const count = countOf(shape);
    const width = shape.at(-1)!;
    kinds[name] = whole ? 'whole' : 'rows';
    if (name === 'y' && losses.includes('cross-entropy') && !whole) {
      kinds[name] = 'classes';
      data[name] = {
        type: 'int64',
        dims: [ROWS],
        data: BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(i % width)),
      };
    } else if (value.type === 'int64') {
      const drawn = BigInt64Array.from({ length: count }, () => BigInt(random.integer(indices[name]!)));
      data[name] = { type: 'int64', dims: shape, data: drawn };
    } else {
      const of = (i: number): number => {
        if (name === 'y' && losses.includes('cross-entropy'))
          return i % width === Math.floor(i / width) % width ? 1 : 0;
        if (name === 'y' && losses.includes('bce')) return random.integer(2);
        // Rows of 1, 2 and so on places that are there.
        if (name === 'present') return i % shape.at(-2)! <= Math.floor(i / shape.at(-2)!) ? 1 : 0;
        return name.startsWith('weight') ? 1 : random.normal();
      };
      data[name] = { type: 'float32', dims: shape, data: Float32Array.from({ length: count }, (_, i) => of(i)) };
    }
  }
  return { kinds, data };
}

describe.each(Object.entries(instances))('%s', (_name, instance) => {
  const network = instance.network();
  const { kinds, data } = drawData(network, instance);
  const batch = instance.whole ? 1 : ROWS;
  const rows = Int32Array.from({ length: batch }, (_, i) => i);
  const inputs = Object.keys(network.inputs).filter((name) => name !== 'y' && name !== 'weight');

  async function outputs(runtime: Runtime, parameters: Float32Array, trainingBatch?: number): Promise<Float32Array> {
    const options = { trainingBatch, whole: instance.whole ? inputs : [] };
    const given = Object.fromEntries(inputs.map((name) => [name, data[name]!]));
    const evaluator = await Evaluator.create(runtime, network, MEMBERS, inputs, ['prediction'], given, options);
    const all = Array.from({ length: MEMBERS }, () => [...rows]).flat();
    const out = await evaluator.run(parameters, BigInt64Array.from(all, BigInt));
    await evaluator.dispose();
    return out.prediction!;
  }

  test('has no form known to be slow, learns a few rows by heart, and exports what was trained', async () => {
    const spec = { network, data: kinds, members: MEMBERS, batch, ...adam, decay: false, clipNorm: 1 };
    const program = compileProgram({ ...spec, contrib: true, threads: 1 });
    expect(slowForms(readModel(program.bytes).graph)).toEqual([]);
    const trainer = await Trainer.create(nodeRuntime, program, data, { ...adam, seed: 3 });
    const order = BigInt64Array.from({ length: STEPS * MEMBERS * batch }, (_, i) => BigInt(i % batch));
    const plan = { order, learningRate: () => instance.rate ?? 0.02 };
    const { state, losses } = await trainer.advance(initialState(program.layout, [1, 2]), plan);
    await trainer.dispose();
    const mean = (list: Float32Array): number => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(losses.slice(-10))).toBeLessThan(0.7 * mean(losses.slice(0, 4)));

    const request = { network, members: MEMBERS, inputs, data, rows: [rows, rows], batch };
    const parameters = await collectStatistics(nodeRuntime, state.parameters, request);
    const wanted = await outputs(nodeRuntime, parameters, batch);
    const scale = Math.max(1, ...wanted.map(Math.abs));
    for (const runtime of [nodeRuntime, webRuntime]) {
      (await outputs(runtime, parameters)).forEach((v, i) => {
        expect(Math.abs(v - wanted[i]!) / scale).toBeLessThan(1e-5);
      });
    }
  });

  test('cost is counted', () => {
    const { macs, parameters, activationBytes } = networkCost(network, { K: 1, N: 1 });
    const twice = networkCost(network, { K: 2, N: 1 });
    expect(macs).toBeGreaterThan(parameters / 4);
    expect(twice.parameters).toBe(2 * parameters);
    expect(twice.macs).toBe(2 * macs);
    expect(activationBytes).toBeGreaterThan(0);
  });
});

test('costs are those of the published networks', () => {
  const cost = (network: Network) => networkCost(network, { K: 1, N: 1 });
  const perceptron = cost(mlp({ inputs: 20, hidden: [128, 128], classes: 2 }));
  expect(perceptron.macs).toBe(20 * 128 + 128 * 128 + 128 * 2);
  expect(perceptron.parameters).toBe(perceptron.macs + 128 + 128 + 2);
  // 12.5 million and 78,666 in MLPerf Tiny (Banbury and others 2021), with biases of convolutions, fewer normalisations.
  const residual = cost(resnet8({ channels: 3, size: [32, 32], classes: 10 }));
  expect(residual.macs).toBe(12_501_632);
  expect(Math.abs(residual.parameters - 78_666)).toBeLessThan(100);
  // 4 gates of 64 units over 32 steps of 16 inputs, and the head.
  const sequence = cost(recurrentClassifier({ kind: 'lstm', steps: 32, inputs: 16, hidden: [64], classes: 2 }));
  expect(sequence.macs).toBe(32 * (16 + 64) * 4 * 64 + 64 * 2);
  expect(sequence.parameters).toBe((16 + 64 + 1) * 4 * 64 + (64 + 1) * 2);
});
