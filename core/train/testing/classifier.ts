/** A small classifier trained by any engine, and the same training in float64 with explicit loops. */
import type { Tensor } from '../../contracts/runtime.ts';
import { type Network, NetworkBuilder } from '../../ir/network.ts';
import { Random } from '../../math/random.ts';
import type { TrainingEngine, TrainingSpec } from '../engine.ts';
import type { Layout } from '../layout.ts';
import { BatchOrder } from '../order.ts';
import { scheduleAt } from '../schedule.ts';
import { initialState, type TrainingState } from '../state.ts';

const ROWS = 60;
const RATE = 0.05;
const BATCH = 8;
const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6, seed: 5 };
/** Steps of a whole run; schedules end there. */
export const STEPS = 30;

const random = new Random(3);
const xs = Float32Array.from({ length: ROWS * 3 }, () => random.normal());
const ys = BigInt64Array.from({ length: ROWS }, (_, i) => (xs[i * 3]! + xs[i * 3 + 1]! > 0.3 ? 1n : 0n));
export const classifierData: Record<'x' | 'y', Tensor> = {
  x: { type: 'float32', dims: [ROWS, 3], data: xs },
  y: { type: 'int64', dims: [ROWS], data: ys },
};
const rowsOf = (k: number): Int32Array => Int32Array.from({ length: ROWS - 10 }, (_, i) => (i + 10 * k) % ROWS);

/** 3 inputs, 6 hidden units, 2 classes; every row's class is the sign of a sum. */
export function classifier(dropout: number): Network {
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

export interface ClassifierRun {
  /** Which members are trained side by side; member k has rows and seeds of its own. */
  readonly members?: readonly number[];
  readonly dropout?: number;
  /** Steps of each call, and the engine of each call where they differ. */
  readonly chunks?: readonly number[];
  readonly engines?: readonly TrainingEngine[];
  readonly spec?: Partial<TrainingSpec>;
}

export interface ClassifierResult {
  readonly state: TrainingState;
  readonly losses: readonly number[];
  readonly layout: Layout;
}

/** Trains the classifier with AdamW, weight decay and a cosine schedule. */
export async function trainClassifier(
  engine: TrainingEngine,
  { members = [0], dropout = 0, chunks = [STEPS], engines = [], spec = {} }: ClassifierRun = {},
): Promise<ClassifierResult> {
  const seeds = members.map((k) => 100 + k);
  const whole: TrainingSpec = {
    network: classifier(dropout),
    data: { x: 'rows', y: 'classes' },
    members: members.length,
    batch: BATCH,
    beta1: ADAM.beta1,
    beta2: ADAM.beta2,
    decay: true,
    clipNorm: null,
    ...spec,
  };
  const order = new BatchOrder(members.map(rowsOf), seeds, BATCH);
  const learningRate = (t: number): number => RATE * scheduleAt('cosine', t / STEPS);
  const losses: number[] = [];
  let state: TrainingState | null = null;
  let trainer = await engine.create(whole, classifierData, ADAM);
  for (const [i, count] of chunks.entries()) {
    const other = engines[i];
    if (other) {
      await trainer.dispose();
      trainer = await other.create(whole, classifierData, ADAM);
    }
    state ??= initialState(trainer.layout, seeds);
    const result = await trainer.advance(state, {
      order: order.next(count),
      learningRate,
      decay: (t) => learningRate(t) * 0.1,
      dropoutScale: (t) => scheduleAt('flat-cosine', t / STEPS),
    });
    state = result.state;
    losses.push(...result.losses);
  }
  await trainer.dispose();
  return { state: state!, losses, layout: trainer.layout };
}

/** Parameters before the first step of member 0. */
export const startOfClassifier = (layout: Layout): Float32Array => initialState(layout, [100]).parameters;

/** What `trainClassifier` does to member 0 without dropout, in float64 with the textbook form of AdamW. */
export function referenceClassifier(initial: Float32Array, clipNorm: number | null): number[] {
  const p = Array.from(initial);
  const m = p.map(() => 0);
  const v = p.map(() => 0);
  const order = new BatchOrder([rowsOf(0)], [100], BATCH).next(STEPS);
  for (let t = 0; t < STEPS; t++) {
    const g = gradientOf(p, order.subarray(t * BATCH, (t + 1) * BATCH));
    const norm = Math.hypot(...g);
    const shorten = clipNorm !== null && norm > clipNorm ? clipNorm / norm : 1;
    const rate = RATE * scheduleAt('cosine', t / STEPS);
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

/** Gradient of the mean loss of `rows`; parameters lie as w1 [3, 6], b1 [6], w2 [6, 2]. */
function gradientOf(p: readonly number[], rows: BigInt64Array): number[] {
  const g = p.map(() => 0);
  for (const at of rows) {
    const row = Number(at);
    const z = Array.from({ length: 6 }, (_, j) =>
      [0, 1, 2].reduce((s, i) => s + xs[row * 3 + i]! * p[i * 6 + j]!, p[18 + j]!),
    );
    const s = z.map((value) => 1 / (1 + Math.exp(-value)));
    const logits = [0, 1].map((c) => z.reduce((sum, value, j) => sum + value * s[j]! * p[24 + j * 2 + c]!, 0));
    const top = Math.exp(logits[0]!) + Math.exp(logits[1]!);
    const d = logits.map((l, c) => (Math.exp(l) / top - (Number(ys[row]!) === c ? 1 : 0)) / rows.length);
    for (let j = 0; j < 6; j++) {
      const h = z[j]! * s[j]!;
      const dz = (d[0]! * p[24 + j * 2]! + d[1]! * p[25 + j * 2]!) * (s[j]! + h * (1 - s[j]!));
      for (const c of [0, 1]) g[24 + j * 2 + c]! += d[c]! * h;
      for (const i of [0, 1, 2]) g[i * 6 + j]! += dz * xs[row * 3 + i]!;
      g[18 + j]! += dz;
    }
  }
  return g;
}
