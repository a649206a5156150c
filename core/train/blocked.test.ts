import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { convBlock, residualBlock } from '../layers/image.ts';
import { Random } from '../math/random.ts';
import { blockSizeOf } from '../ops/blocked.ts';
import { compileProgram } from './program.ts';
import { Trainer } from './trainer.ts';

const block = await blockSizeOf(nodeRuntime);
const [ROWS, BATCH, STEPS] = [32, 16, 6];

function imageNetwork() {
  const net = new NetworkBuilder();
  let x = convBlock(net, 'first', net.input('x', ['K', 'N', 3, 8, 8]), 16);
  x = net.apply('max-pool', [residualBlock(net, 'second', x, 16, { stride: 2, dropPath: 0.1 })], { kernel: [2, 2] });
  x = net.apply('dropout', [x], { rate: 0.2 });
  const w = net.parameter('w', ['K', 16, 4], { kind: 'normal', deviation: 0.2 });
  const logits = net.apply('matmul', [net.apply('global-average-pool', [x], { axes: 2 }), w]);
  net.output('loss', net.apply('cross-entropy', [logits, net.input('y', ['K', 'N', 4])], { smoothing: 0 }));
  return net.build();
}

async function train(form: number | null, threads: number) {
  const spec = { network: imageNetwork(), data: { x: 'rows', y: 'classes' }, members: 1, batch: BATCH } as const;
  const options = { beta1: 0.9, beta2: 0.999, decay: true, clipNorm: null, contrib: true };
  const program = compileProgram({ ...spec, ...options, threads, block: form });
  const random = new Random(2);
  const data = {
    x: {
      type: 'float32',
      dims: [ROWS, 3, 8, 8],
      data: Float32Array.from({ length: ROWS * 192 }, () => random.normal()),
    },
    y: { type: 'int64', dims: [ROWS], data: BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(i % 4)) },
  } as const;
  const trainer = await Trainer.create(nodeRuntime, program, data, { ...options, epsilon: 1e-7, seed: 3 }, threads);
  const count = program.layout.size;
  const parameters = Float32Array.from({ length: count }, () => 0.3 * random.normal());
  const state = { step: 0, parameters, first: new Float32Array(count), second: new Float32Array(count) };
  const order = BigInt64Array.from({ length: STEPS * BATCH }, (_, i) => BigInt((i * 5) % ROWS));
  const out = await trainer.advance(state, { order, learningRate: () => 1e-3, dropoutScale: () => 1 });
  await trainer.dispose();
  return out;
}

test.skipIf(block === null)(
  'a program in blocked kernels has the losses of the row-major one, and the same bits on two threads',
  async () => {
    const plain = await train(null, 1);
    const blocked = await train(block, 1);
    blocked.losses.forEach((loss, i) => {
      expect(loss).toBeCloseTo(plain.losses[i]!, 4);
    });
    const twice = await train(block, 2);
    expect(twice.losses).toEqual(blocked.losses);
    expect(twice.state.parameters).toEqual(blocked.state.parameters);
  },
);
