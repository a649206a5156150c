/** A straight line trained by any engine and optimizer, and the optimizers as their papers state them, in float64. */
import type { Tensor } from '../../contracts/runtime.ts';
import { NetworkBuilder } from '../../ir/network.ts';
import { Random } from '../../math/random.ts';
import type { TrainingEngine, TrainingSpec } from '../engine.ts';
import type { OptimizerName } from '../optimizer.ts';
import { averageDecay } from '../schedule.ts';
import { initialState, type TrainingState } from '../state.ts';

const [ROWS, WEIGHTS] = [6, 3];
const [BETA2, EPSILON, RATE, DECAY] = [0.9, 1e-6, 0.03, 0.2];
export const MOMENTUM = 0.8;
export const LINE_STEPS = 25;
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

export interface LineRun {
  readonly optimizer: OptimizerName;
  readonly beta1?: number;
  readonly clipNorm?: number | null;
  readonly chunks?: readonly number[];
}

/** Trains on all rows at every step, with a moving average. */
export async function trainLine(
  engine: TrainingEngine,
  { optimizer, beta1 = MOMENTUM, clipNorm = null, chunks = [LINE_STEPS] }: LineRun,
): Promise<{ state: TrainingState; start: Float32Array }> {
  const spec: TrainingSpec = {
    network: line(),
    data: { x: 'rows', y: 'rows' },
    members: 1,
    batch: ROWS,
    optimizer,
    beta1,
    beta2: BETA2,
    decay: true,
    average: true,
    clipNorm,
  };
  const trainer = await engine.create(spec, data, { beta1, beta2: BETA2, epsilon: EPSILON, seed: 1 });
  let state = initialState(trainer.layout, [9]);
  const start = state.parameters;
  for (const steps of chunks) {
    const result = await trainer.advance(state, {
      order: BigInt64Array.from({ length: steps * ROWS }, (_, i) => BigInt(i % ROWS)),
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

/** Parameters and their moving average after what `trainLine` does. */
export function referenceLine(start: Float32Array, { optimizer, beta1 = MOMENTUM, clipNorm = null }: LineRun) {
  const p = Array.from(start);
  const average = [...p];
  const moments = p.map(() => ({ first: 0, second: 0 }));
  for (let t = 0; t < LINE_STEPS; t++) {
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
