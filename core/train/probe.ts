/** A small and a large training run whose data and result are always the same: what a provider is judged by. */
import type { Tensor } from '../contracts/runtime.ts';
import { type Network, NetworkBuilder, networkCost } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import type { TrainingEngine } from './engine.ts';
import { initialState } from './state.ts';

const FEATURES = 64;
const CLASSES = 10;
const ROWS = 512;
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export interface ProbeRun {
  /** Parameters after the last step. */
  readonly parameters: Float32Array;
  /** Milliseconds of a step, the first call left out. */
  readonly stepMs: number;
  /** Multiply-accumulates of a step's forward pass. */
  readonly macs: number;
}

/** A perceptron with two hidden layers, so that every provider has kernels for most of it. */
function perceptron(width: number): Network {
  const net = new NetworkBuilder();
  const weight = (name: string, shape: readonly number[]) =>
    net.parameter(name, ['K', ...shape], { kind: 'normal', deviation: Math.sqrt(2 / shape[0]!) });
  let h = net.input('x', ['K', 'N', FEATURES]);
  [FEATURES, width].forEach((inputs, i) => {
    const bias = net.parameter(`b${i}`, ['K', 1, width], { kind: 'constant', value: 0 });
    h = net.apply('relu', [net.apply('add', [net.apply('matmul', [h, weight(`w${i}`, [inputs, width])]), bias])]);
  });
  const logits = net.apply('matmul', [h, weight('head', [width, CLASSES])]);
  net.output('loss', net.apply('cross-entropy', [logits, net.input('y', ['K', 'N', CLASSES])], { smoothing: 0 }));
  return net.build();
}

/**
 * Trains a perceptron of `width` on `batch` rows for two calls of `steps` steps; the second is timed.
 * @param now a clock in milliseconds
 */
export async function probeRun(
  engine: TrainingEngine,
  width: number,
  batch: number,
  steps: number,
  now: () => number,
): Promise<ProbeRun> {
  const random = new Random(11);
  const x = Float32Array.from({ length: ROWS * FEATURES }, () => random.normal());
  const y = BigInt64Array.from({ length: ROWS }, () => BigInt(random.integer(CLASSES)));
  const data: Record<string, Tensor> = {
    x: { type: 'float32', dims: [ROWS, FEATURES], data: x },
    y: { type: 'int64', dims: [ROWS], data: y },
  };
  const network = perceptron(width);
  const spec = { network, data: { x: 'rows', y: 'classes' }, members: 1, batch, decay: false, clipNorm: 1 } as const;
  const trainer = await engine.create({ ...spec, ...ADAM }, data, { ...ADAM, seed: 0 });
  try {
    const order = BigInt64Array.from({ length: steps * batch }, (_, i) => BigInt(i % ROWS));
    const plan = { order, learningRate: () => 0.01 };
    const warm = await trainer.advance(initialState(trainer.layout, [1]), plan);
    const before = now();
    const { state } = await trainer.advance(warm.state, plan);
    const { macs } = networkCost(network, { K: 1, N: batch });
    return { parameters: state.parameters, stepMs: (now() - before) / steps, macs };
  } finally {
    await trainer.dispose();
  }
}
