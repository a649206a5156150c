/** What a trial of the bench is: a small classifier of random rows by which of two columns is larger, with a learning rate, decay and dropout of its own. */
import { mlp } from '#core/networks/mlp.ts';
import { programEngine } from '#core/train/engine.ts';
import { type Member, Population } from '#core/train/population.ts';
import { scheduleAt } from '#core/train/schedule.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { normals } from '../engine/model.ts';

export const INPUTS = 20;
export const CLASSES = 2;
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const STEPS_PER_CALL = 200;

export interface TrialTask {
  readonly rows: number;
  readonly width: number;
  readonly batch: number;
  readonly epochs: number;
  /** Numbers of the trials that are trained side by side. */
  readonly trials: readonly number[];
}

function memberOf(trial: number, rows: number, steps: number): Member {
  const rate = 10 ** (-3.5 + ((trial * 7) % 16) / 16);
  const learningRate = (t: number): number => rate * scheduleAt('cosine', t / steps);
  return {
    seed: 1000 + trial,
    rows: Int32Array.from({ length: rows }, (_, i) => i),
    learningRate,
    decay: (t) => learningRate(t) * 0.01 * (trial % 4),
    dropoutScale: () => (trial % 3) / 2,
  };
}

const engine = programEngine(nodeRuntime);

export interface Answer {
  /** Last loss of each trial. */
  readonly losses: readonly number[];
  readonly steps: number;
  /** What the steps took. */
  readonly seconds: number;
  /** Processor time of the whole task, the start of its process included where it has one of its own. */
  readonly cpuSeconds: number;
}

/**
 * Trains all trials of `task` as one program.
 * @param before the process's use of processors when the task began; none where it began with the process
 */
export async function trainTrials(task: TrialTask, before?: NodeJS.CpuUsage): Promise<Answer> {
  const { rows, width, batch, epochs, trials } = task;
  const steps = epochs * Math.floor(rows / batch);
  const network = mlp({ inputs: INPUTS, hidden: [width, width], classes: CLASSES, dropout: 0.2 });
  const x = normals(1, [rows, INPUTS]);
  const label = (_: unknown, i: number): bigint => (x.data[i * INPUTS]! > x.data[i * INPUTS + 1]! ? 1n : 0n);
  const y = { type: 'int64', dims: [rows], data: BigInt64Array.from({ length: rows }, label) } as const;
  const data = { x, y };
  const spec = { ...ADAM, network, data: { x: 'rows', y: 'classes' } as const, batch };
  const members = trials.map((trial) => memberOf(trial, rows, steps));
  const population = await Population.create(engine, spec, data, ADAM, members);
  let losses: number[] = [];
  const began = performance.now();
  for (let done = 0; done < steps; done += STEPS_PER_CALL) {
    const curves = await population.advance(Math.min(STEPS_PER_CALL, steps - done));
    losses = curves.map((curve) => curve.at(-1)!);
  }
  const seconds = (performance.now() - began) / 1000;
  await population.dispose();
  const { user, system } = process.cpuUsage(before);
  return { losses, steps, seconds, cpuSeconds: (user + system) / 1e6 };
}
