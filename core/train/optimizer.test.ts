import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { type OptimizerName, optimizerNames } from './optimizer.ts';
import { compileProgram, type ProgramSpec } from './program.ts';
import { averageDecay, scheduleAt, scheduleNames } from './schedule.ts';
import { initialState } from './state.ts';
import { Trainer } from './trainer.ts';

const [ROWS, STEPS, WEIGHTS] = [6, 25, 3];
const [BETA1, BETA2, EPSILON, RATE, DECAY] = [0.8, 0.9, 1e-6, 0.03, 0.2];
const random = new Random(4);
const xs = Float32Array.from({ length: ROWS * WEIGHTS }, () => random.normal());
const ys = Float32Array.from({ length: ROWS }, () => random.normal());
const data: Record<string, Tensor> = {
  x: { type: 'float32', dims: [ROWS, WEIGHTS], data: xs },
  y: { type: 'float32', dims: [ROWS, 1], data: ys },
};

/** A line through the rows: three weights and a bias that learns at half the rate without decay. */
function line() {
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', WEIGHTS]);
  const w = net.parameter('w', ['K', WEIGHTS, 1], { kind: 'normal', deviation: 1 });
  const b = net.parameter('b', ['K', 1, 1], { kind: 'normal', deviation: 1 }, { rate: 0.5, decay: 0 });
  const y = net.apply('add', [net.apply('matmul', [x, w]), b]);
  net.output('loss', net.apply('mse', [y, net.input('y', ['K', 'N', 1])]));
  return net.build();
}

async function train(optimizer: OptimizerName, spec: Partial<ProgramSpec>, chunks: readonly number[]) {
  const program = compileProgram({
    network: line(),
    data: { x: 'rows', y: 'rows' },
    members: 1,
    batch: ROWS,
    optimizer,
    beta1: BETA1,
    beta2: BETA2,
    decay: true,
    average: true,
    clipNorm: null,
    contrib: true,
    threads: 1,
    ...spec,
  });
  const trainer = await Trainer.create(nodeRuntime, program, data, {
    beta1: spec.beta1 ?? BETA1,
    beta2: BETA2,
    epsilon: EPSILON,
    seed: 1,
  });
  let state = initialState(program.layout, [9]);
  const start = state.parameters;
  for (const steps of chunks) {
    const order = BigInt64Array.from({ length: steps * ROWS }, (_, i) => BigInt(i % ROWS));
    const result = await trainer.advance(state, {
      order,
      learningRate: () => RATE,
      decay: () => RATE * DECAY,
      averageDecay: (t) => averageDecay(0.9, t),
    });
    state = result.state;
  }
  await trainer.dispose();
  return { state, start };
}

type Rule = (
  gradient: number,
  m: { first: number; second: number },
  t: number,
  beta1: number,
) => { direction: number; first: number; second: number };

/** The optimizers as their papers state them. */
const rules: Readonly<Record<OptimizerName, Rule>> = {
  adamw: (g, m, t, beta1) => {
    const first = beta1 * m.first + (1 - beta1) * g;
    const second = BETA2 * m.second + (1 - BETA2) * g * g;
    const [mh, vh] = [first / (1 - beta1 ** t), second / (1 - BETA2 ** t)];
    return { direction: mh / (Math.sqrt(vh) + EPSILON), first, second };
  },
  sgd: (g, m, _t, beta1) => {
    const first = beta1 * m.first + g;
    return { direction: g + beta1 * first, first, second: 0 };
  },
  lion: (g, m, _t, beta1) => ({
    direction: Math.sign(beta1 * m.first + (1 - beta1) * g),
    first: BETA2 * m.first + (1 - BETA2) * g,
    second: 0,
  }),
};

function reference(optimizer: OptimizerName, start: Float32Array, beta1: number, clipNorm: number | null) {
  const p = Array.from(start);
  const average = [...p];
  const moments = p.map(() => ({ first: 0, second: 0 }));
  for (let t = 0; t < STEPS; t++) {
    const g = [0, 0, 0, 0];
    for (let r = 0; r < ROWS; r++) {
      const row = Array.from(xs.subarray(r * WEIGHTS, (r + 1) * WEIGHTS));
      const error = row.reduce((s, x, i) => s + x * p[i]!, p[WEIGHTS]!) - ys[r]!;
      for (const [i, x] of [...row, 1].entries()) g[i]! += (2 * error * x) / ROWS;
    }
    const norm = Math.hypot(...g);
    const shorten = clipNorm !== null && norm > clipNorm ? clipNorm / norm : 1;
    const stays = Math.min(0.9, (1 + t) / (10 + t));
    for (let i = 0; i < p.length; i++) {
      const { direction, ...next } = rules[optimizer](g[i]! * shorten, moments[i]!, t + 1, beta1);
      moments[i] = next;
      const isBias = i === WEIGHTS;
      p[i] = p[i]! * (1 - (isBias ? 0 : RATE * DECAY)) - RATE * (isBias ? 0.5 : 1) * direction;
      average[i] = stays * average[i]! + (1 - stays) * p[i]!;
    }
  }
  return { p, average };
}

const largest = (a: Float32Array, b: readonly number[]): number =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);

test.each(
  optimizerNames.flatMap((name) => [
    { name, contrib: true, beta1: BETA1, clipNorm: null },
    { name, contrib: false, beta1: BETA1, clipNorm: 0.5 },
    { name, contrib: true, beta1: 0, clipNorm: null },
  ]),
)('$name follows its paper (momentum $beta1, gradient limit $clipNorm, contrib $contrib)', async (c) => {
  const { state, start } = await train(c.name, { contrib: c.contrib, beta1: c.beta1, clipNorm: c.clipNorm }, [STEPS]);
  const wanted = reference(c.name, start, c.beta1, c.clipNorm);
  expect(largest(state.parameters, wanted.p)).toBeLessThan(2e-5);
  expect(largest(state.average!, wanted.average)).toBeLessThan(2e-5);
  expect(largest(state.average!, Array.from(state.parameters))).toBeGreaterThan(1e-3);
});

test.each(optimizerNames)('%s gives the same bits in one call and in many', async (name) => {
  const once = await train(name, {}, [STEPS]);
  const pieces = await train(name, {}, [1, 10, STEPS - 11]);
  expect(pieces.state).toEqual(once.state);
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
  expect(scheduleAt('power-cosine', 0)).toBeCloseTo(1, 12);
  expect(scheduleAt('power-cosine', 0.5)).toBeCloseTo((10 ** 1.5 - 10) / 90, 12);
  expect(scheduleAt('one-cycle', 0)).toBeCloseTo(0.04, 12);
  expect(scheduleAt('one-cycle', 0.3)).toBeCloseTo(1, 12);
});
