import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Runtime, Tensor } from '../contracts/runtime.ts';
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { Evaluator } from './evaluator.ts';
import { BatchOrder } from './order.ts';
import { compileProgram, type ProgramSpec } from './program.ts';
import { scheduleAt } from './schedule.ts';
import { initialState, type TrainingState } from './state.ts';
import { Trainer } from './trainer.ts';

const ROWS = 60;
const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6, seed: 5 };

/** 3 inputs, 6 hidden units, 2 classes; every row's class is the sign of a sum. */
function classifier(dropout: number): Network {
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', 3]);
  const y = net.input('y', ['K', 'N', 2]);
  const w1 = net.parameter('w1', ['K', 3, 6], { kind: 'normal', deviation: 0.6 });
  const b1 = net.parameter('b1', ['K', 1, 6], { kind: 'constant', value: 0 }, { decay: 0, rate: 0.5 });
  const w2 = net.parameter('w2', ['K', 6, 2], { kind: 'uniform', low: -0.5, high: 0.5 });
  const h = net.apply('silu', [net.apply('add', [net.apply('matmul', [x, w1]), b1])]);
  const logits = net.apply('matmul', [net.apply('dropout', [h], { rate: dropout }), w2]);
  net.output('loss', net.apply('cross-entropy', [logits, y], { smoothing: 0 }));
  net.output('probabilities', net.apply('softmax', [logits]));
  return net.build();
}

const random = new Random(3);
const xs = Float32Array.from({ length: ROWS * 3 }, () => random.normal());
const ys = BigInt64Array.from({ length: ROWS }, (_, i) => (xs[i * 3]! + xs[i * 3 + 1]! > 0.3 ? 1n : 0n));
const data: Record<string, Tensor> = {
  x: { type: 'float32', dims: [ROWS, 3], data: xs },
  y: { type: 'int64', dims: [ROWS], data: ys },
};
const rowsOf = (k: number): Int32Array => Int32Array.from({ length: ROWS - 10 }, (_, i) => (i + 10 * k) % ROWS);

interface RunOptions {
  readonly members?: readonly number[];
  readonly dropout?: number;
  readonly chunks?: readonly number[];
  readonly runtime?: Runtime;
  readonly spec?: Partial<ProgramSpec>;
}

async function run({ members = [0], dropout = 0, chunks = [30], runtime = nodeRuntime, spec = {} }: RunOptions) {
  const seeds = members.map((k) => 100 + k);
  const program = compileProgram({
    network: classifier(dropout),
    data: { x: 'rows', y: 'classes' },
    members: members.length,
    batch: 8,
    beta1: ADAM.beta1,
    beta2: ADAM.beta2,
    decay: true,
    clipNorm: null,
    contrib: true,
    threads: 1,
    ...spec,
  });
  const trainer = await Trainer.create(runtime, program, data, ADAM);
  const order = new BatchOrder(members.map(rowsOf), seeds, 8);
  let state: TrainingState = initialState(program.layout, seeds);
  const losses: number[] = [];
  for (const count of chunks) {
    const learningRate = (t: number): number => 0.05 * scheduleAt('cosine', t / 30);
    const plan = { order: order.next(count), learningRate, decay: (t: number) => learningRate(t) * 0.1 };
    const result = await trainer.advance(state, { ...plan, dropoutScale: (t) => scheduleAt('flat-cosine', t / 30) });
    state = result.state;
    losses.push(...result.losses);
  }
  await trainer.dispose();
  return { state, losses, layout: program.layout };
}

const largest = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);

/** The same training in float64 with explicit loops and the textbook form of AdamW. */
function reference(initial: Float32Array, steps: number, clipNorm: number | null): number[] {
  const p = Array.from(initial);
  const m = p.map(() => 0);
  const v = p.map(() => 0);
  const order = new BatchOrder([rowsOf(0)], [100], 8).next(steps);
  for (let t = 0; t < steps; t++) {
    const g = p.map(() => 0);
    for (let r = 0; r < 8; r++) {
      const row = Number(order[t * 8 + r]!);
      const z = Array.from({ length: 6 }, (_, j) =>
        [0, 1, 2].reduce((s, i) => s + xs[row * 3 + i]! * p[i * 6 + j]!, p[18 + j]!),
      );
      const s = z.map((value) => 1 / (1 + Math.exp(-value)));
      const logits = [0, 1].map((c) => z.reduce((sum, value, j) => sum + value * s[j]! * p[24 + j * 2 + c]!, 0));
      const top = Math.exp(logits[0]!) + Math.exp(logits[1]!);
      const d = logits.map((l, c) => (Math.exp(l) / top - (Number(ys[row]!) === c ? 1 : 0)) / 8);
      for (let j = 0; j < 6; j++) {
        const h = z[j]! * s[j]!;
        const dz = (d[0]! * p[24 + j * 2]! + d[1]! * p[25 + j * 2]!) * (s[j]! + h * (1 - s[j]!));
        for (const c of [0, 1]) g[24 + j * 2 + c]! += d[c]! * h;
        for (const i of [0, 1, 2]) g[i * 6 + j]! += dz * xs[row * 3 + i]!;
        g[18 + j]! += dz;
      }
    }
    const norm = Math.hypot(...g);
    const shorten = clipNorm !== null && norm > clipNorm ? clipNorm / norm : 1;
    const rate = 0.05 * scheduleAt('cosine', t / 30);
    for (let i = 0; i < p.length; i++) {
      const grad = g[i]! * shorten;
      m[i] = ADAM.beta1 * m[i]! + (1 - ADAM.beta1) * grad;
      v[i] = ADAM.beta2 * v[i]! + (1 - ADAM.beta2) * grad * grad;
      const mh = m[i]! / (1 - ADAM.beta1 ** (t + 1));
      const vh = v[i]! / (1 - ADAM.beta2 ** (t + 1));
      const bias = i >= 18 && i < 24;
      p[i] =
        p[i]! * (1 - rate * 0.1 * (bias ? 0 : 1)) - (rate * (bias ? 0.5 : 1) * mh) / (Math.sqrt(vh) + ADAM.epsilon);
    }
  }
  return p;
}

describe('the training program', () => {
  test.each([[null], [0.05]])('follows a float64 AdamW written out by hand, gradient limit %s', async (clipNorm) => {
    const { state, layout } = await run({ spec: { clipNorm } });
    const wanted = reference(initialState(layout, [100]).parameters, 30, clipNorm);
    expect(largest(state.parameters, wanted)).toBeLessThan(2e-4);
    expect(largest(state.parameters, initialState(layout, [100]).parameters)).toBeGreaterThan(0.1);
  });

  test('learns, and plain and fast kernels, and both runtimes, agree', async () => {
    const fast = await run({});
    expect(fast.losses.at(-1)).toBeLessThan(fast.losses[0]! * 0.5);
    const plain = await run({ spec: { contrib: false } });
    const web = await run({ runtime: webRuntime });
    expect(largest(fast.state.parameters, plain.state.parameters)).toBeLessThan(1e-4);
    expect(largest(fast.state.parameters, web.state.parameters)).toBeLessThan(1e-4);
  });

  test.each([[0], [0.3]])('is the same bit by bit in one call, in many, and again (dropout %s)', async (dropout) => {
    const once = await run({ dropout });
    const pieces = await run({ dropout, chunks: [1, 12, 7, 10] });
    expect(pieces.state).toEqual(once.state);
    expect(pieces.losses).toEqual(once.losses);
    expect((await run({ dropout })).state).toEqual(once.state);
  });

  test('dropout changes the outcome', async () => {
    const [without, with_] = [await run({}), await run({ dropout: 0.3 })];
    expect(largest(without.state.parameters, with_.state.parameters)).toBeGreaterThan(1e-3);
  });

  test('a member trained beside others equals the member trained alone', async () => {
    const together = await run({ members: [0, 1, 2] });
    for (const k of [0, 1, 2]) {
      const alone = await run({ members: [k] });
      const n = together.layout.size;
      expect(largest(alone.state.parameters, together.state.parameters.subarray(k * n, (k + 1) * n))).toBeLessThan(
        1e-6,
      );
    }
  });

  test('an input that is the same at every step is read whole, in training and evaluation', async () => {
    const build = (rows: 'N' | 8): Network => {
      const net = new NetworkBuilder();
      const x = net.input('x', ['K', rows, 3]);
      const w = net.parameter('w', ['K', 3, 2], { kind: 'normal', deviation: 0.6 });
      const logits = net.apply('matmul', [x, w]);
      net.output('loss', net.apply('cross-entropy', [logits, net.input('y', ['K', rows, 2])], { smoothing: 0 }));
      net.output('logits', logits);
      return net.build();
    };
    const first = Int32Array.from({ length: 8 }, (_, i) => i);
    const eight = { ...data, x: { type: 'float32', dims: [1, 8, 3], data: xs.slice(0, 24) } } as const;
    const steps = async (network: Network, kind: 'rows' | 'whole', tensors: Record<string, Tensor>) => {
      const spec = { members: 1, batch: 8, beta1: 0.9, beta2: 0.95, decay: false, clipNorm: null, threads: 1 } as const;
      const program = compileProgram({ ...spec, network, data: { x: kind, y: 'classes' }, contrib: true });
      const trainer = await Trainer.create(nodeRuntime, program, tensors, ADAM);
      const order = BigInt64Array.from([...first, ...first, ...first], BigInt);
      const { state } = await trainer.advance(initialState(program.layout, [7]), { order, learningRate: () => 0.05 });
      await trainer.dispose();
      return state.parameters;
    };
    const parameters = await steps(build(8), 'whole', eight);
    expect(largest(parameters, await steps(build('N'), 'rows', data))).toBe(0);
    const logits = async (network: Network, tensors: Record<string, Tensor>, whole: string[]) => {
      const evaluator = await Evaluator.create(
        nodeRuntime,
        network,
        1,
        ['x'],
        ['logits'],
        { x: tensors.x! },
        { whole },
      );
      const out = await evaluator.run(parameters, BigInt64Array.from(first, BigInt));
      await evaluator.dispose();
      return out.logits!;
    };
    expect(await logits(build(8), eight, ['x'])).toEqual(await logits(build('N'), data, []));
  });

  test('the evaluator gives every member its own rows', async () => {
    const { state } = await run({ members: [0, 1] });
    const inputs = { x: data.x! };
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
});

test('schedules start and end where they should', () => {
  expect(scheduleAt('coslog4', 0)).toBe(0);
  expect(scheduleAt('coslog4', 1)).toBeCloseTo(0, 12);
  // Crests lie where log2(1 + 15t) is a whole number and a half.
  expect(scheduleAt('coslog4', (2 ** 0.5 - 1) / 15)).toBeCloseTo(1, 12);
  expect(scheduleAt('flat-cosine', 0.49)).toBe(1);
  expect(scheduleAt('flat-cosine', 1)).toBeCloseTo(0, 12);
  expect(scheduleAt('cosine', 0.5)).toBeCloseTo(0.5, 12);
});
