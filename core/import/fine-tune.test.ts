import { describe, expect, test } from 'vitest';
import { readCase } from '#tests/golden/onnx/corpus.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { writeModel } from '../onnx/write.ts';
import { compileProgram, type Program, type ProgramSpec } from '../train/program.ts';
import type { TrainingState } from '../train/state.ts';
import { collectStatistics } from '../train/statistics.ts';
import { Trainer } from '../train/trainer.ts';
import { exportNetwork } from './export-network.ts';
import { type Imported, importInto } from './import-network.ts';
import type { ImportOptions } from './options.ts';
import { importedState, parametersOf, withTrainedWeights } from './weights.ts';

const ROWS = 24;
const BATCH = 8;
const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6, seed: 1 };

interface Tuned {
  readonly network: Network;
  readonly imported: Imported;
  readonly program: Program;
  readonly before: TrainingState;
  readonly after: TrainingState;
  readonly losses: number[];
}

/** Trains the imported case on `x` and classes drawn at random, all members from the file's values. */
async function tune(
  name: string,
  options: ImportOptions,
  x: Tensor,
  spec: Partial<ProgramSpec> = {},
  logits: (
    net: NetworkBuilder,
    imported: Imported,
  ) => { readonly value: ReturnType<NetworkBuilder['input']>; classes: number } = (_net, { outputs }) => ({
    value: outputs.y!,
    classes: outputs.y!.shape.at(-1) as number,
  }),
): Promise<Tuned> {
  const net = new NetworkBuilder();
  const imported = importInto(net, readCase(name).model, options);
  const { value, classes } = logits(net, imported);
  const target = net.input('target', ['K', 'N', classes]);
  net.output('y', value);
  net.output('loss', net.apply('cross-entropy', [value, target], { smoothing: 0 }));
  const network = net.build();
  const random = new Random(4);
  const labels = BigInt64Array.from({ length: ROWS }, () => BigInt(random.integer(classes)));
  const program = compileProgram({
    network,
    data: { x: 'rows', target: 'classes' },
    members: 1,
    batch: BATCH,
    beta1: ADAM.beta1,
    beta2: ADAM.beta2,
    decay: true,
    clipNorm: 1,
    contrib: true,
    threads: 1,
    ...spec,
  });
  const data = { x, target: { type: 'int64', dims: [ROWS], data: labels } as const };
  const trainer = await Trainer.create(nodeRuntime, program, data, ADAM);
  const steps = 60;
  const members = program.members;
  const order = BigInt64Array.from({ length: steps * members * BATCH }, (_, i) => BigInt(i % ROWS));
  const before = importedState(
    imported,
    program.layout,
    Array.from({ length: members }, (_, k) => k),
  );
  const plan = { order, learningRate: () => 0.02, decay: () => 0.0002 };
  const { state: after, losses } = await trainer.advance(before, plan);
  await trainer.dispose();
  return { network, imported, program, before, after, losses: Array.from(losses) };
}

function draw(shape: readonly number[]): Tensor {
  const random = new Random(9);
  const count = shape.reduce((a, b) => a * b, 1);
  return { type: 'float32', dims: shape, data: Float32Array.from({ length: count }, () => random.normal()) };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Bytes of every parameter by name. */
function bytesOf({ imported, program }: Tuned, state: TrainingState): Map<string, string> {
  const values = parametersOf(imported, program.layout, state.parameters);
  return new Map(
    [...values].map(([name, v]) => [name, Buffer.from(v.buffer, v.byteOffset, v.byteLength).toString('hex')]),
  );
}

async function outputOf(bytes: Uint8Array, x: Tensor): Promise<Float32Array> {
  const session = await nodeRuntime.createSession(bytes);
  const out = await session.run({ x });
  await session.dispose();
  return out.y!.data as Float32Array;
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);

describe('fine-tuning', () => {
  test.each([
    ['mlp', [ROWS, 6]],
    ['cnn', [ROWS, 1, 12, 12]],
    ['lstm', [ROWS, 7, 4]],
    ['vit-dynamo', [ROWS, 3, 16, 16]],
  ])('lowers the loss of %s, and both exports of it agree', async (name, shape) => {
    const x = draw(shape);
    const tuned = await tune(name, {}, x);
    const { network, imported, program, after, losses } = tuned;
    expect(mean(losses.slice(-3))).toBeLessThan(0.7 * mean(losses.slice(0, 3)));
    const trained = parametersOf(imported, program.layout, after.parameters);
    const own = await outputOf(exportNetwork(network, trained, ['y']).toBytes(), x);
    const model = withTrainedWeights(readCase(name).model, imported, trained);
    const file = await outputOf(writeModel(model), x);
    expect(largest(own, file)).toBeLessThan(1e-5);
    expect(largest(file, await outputOf(readCase(name).bytes, x))).toBeGreaterThan(1e-2);
  });

  test('frozen parts stay as they are, byte by byte', async () => {
    const options = { freeze: ['*'], train: ['fc*', 'bn2*'] };
    const tuned = await tune('cnn-bn', options, draw([ROWS, 2, 8, 8]));
    const [before, after] = [bytesOf(tuned, tuned.before), bytesOf(tuned, tuned.after)];
    const changed = [...before].flatMap(([name, bytes]) => (after.get(name) === bytes ? [] : [name]));
    // Statistics of the second layer are of the batch; they are collected after training, not updated by it.
    expect(changed.sort()).toEqual(['bn2.bias', 'bn2.weight', 'fc.bias', 'fc.weight']);
    expect([...before.keys()].sort()).toEqual(
      [
        'bn1.bias',
        'bn1.weight',
        'bn2.bias',
        'bn2.mean',
        'bn2.variance',
        'bn2.weight',
        'conv1.weight',
        'conv2.bias',
        'conv2.weight',
        'fc.bias',
        'fc.weight',
      ].sort(),
    );
    expect(mean(tuned.losses.slice(-3))).toBeLessThan(mean(tuned.losses.slice(0, 3)));
  });

  test('a new head is trained on the features of a frozen network', async () => {
    const { model } = readCase('cnn');
    const features = model.graph.nodes.findLast((n) => n.op === 'Relu')!.outputs[0]!;
    const tuned = await tune('cnn', { freeze: ['*'] }, draw([ROWS, 1, 12, 12]), {}, (net, imported) => {
      const w = net.parameter('head', ['K', 16, 3], { kind: 'normal', deviation: 0.3 });
      return { value: net.apply('matmul', [imported.value(features), w]), classes: 3 };
    });
    expect(bytesOf(tuned, tuned.after)).toEqual(bytesOf(tuned, tuned.before));
    expect(mean(tuned.losses.slice(-3))).toBeLessThan(0.9 * mean(tuned.losses.slice(0, 3)));
  });

  test('members start alike and go their own ways', async () => {
    const tuned = await tune('mlp', {}, draw([ROWS, 6]), { members: 2 });
    const half = tuned.before.parameters.length / 2;
    expect(tuned.before.parameters.slice(0, half)).toEqual(tuned.before.parameters.slice(half));
    expect(tuned.after.parameters.slice(0, half)).not.toEqual(tuned.after.parameters.slice(half));
  });

  test('statistics of the batch are collected into the file', async () => {
    const x = draw([ROWS, 2, 8, 8]);
    const { network, imported, program, after } = await tune('cnn-bn', {}, x);
    const request = {
      network,
      members: 1,
      inputs: ['x'],
      data: { x },
      rows: [Int32Array.from({ length: ROWS }, (_, i) => i)],
      batch: BATCH,
    };
    const filled = await collectStatistics(nodeRuntime, after.parameters, request);
    const trained = parametersOf(imported, program.layout, filled);
    const model = withTrainedWeights(readCase('cnn-bn').model, imported, trained);
    expect(model.graph.initializers.get('bn1.running_mean')).not.toEqual(
      readCase('cnn-bn').model.graph.initializers.get('bn1.running_mean'),
    );
    const [own, file] = [
      await outputOf(exportNetwork(network, trained, ['y']).toBytes(), x),
      await outputOf(writeModel(model), x),
    ];
    expect(largest(own, file)).toBeLessThan(1e-5);
  });
});
