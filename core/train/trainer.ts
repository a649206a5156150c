/** Runs a training program call by call; each call is some steps of the `Loop`, a function of state and inputs alone. */
import type { Runtime, Session, Tensor } from '../contracts/runtime.ts';
import { NoisePool } from './noise.ts';
import { stepScalars } from './optimizer.ts';
import type { Program } from './program.ts';
import type { TrainingState } from './state.ts';

export interface StepPlan {
  /** Row indices [steps, K, batch]. */
  readonly order: BigInt64Array;
  /** Learning rate, learning rate · weight decay and dropout factor of update `t`, counted from 0 over the whole run. */
  readonly learningRate: (t: number) => number;
  readonly decay?: (t: number) => number;
  readonly dropoutScale?: (t: number) => number;
  /** Share of the average that stays at update `t`; `averageDecay` (schedule.ts) warms up. */
  readonly averageDecay?: (t: number) => number;
}

export interface TrainerOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Seeds the noise of dropout. */
  readonly seed: number;
}

export class Trainer {
  private readonly session: Session;
  private readonly program: Program;
  private readonly data: Readonly<Record<string, Tensor>>;
  private readonly options: TrainerOptions;
  private readonly noise: NoisePool | null;

  private constructor(
    session: Session,
    program: Program,
    data: Readonly<Record<string, Tensor>>,
    options: TrainerOptions,
  ) {
    this.session = session;
    this.program = program;
    this.data = data;
    this.options = options;
    this.noise = program.noise.length === 0 ? null : new NoisePool(program.noise, options.seed);
  }

  /** @param data a tensor for every data input of the program: [n, ...] rows, or [n] class indices */
  static async create(
    runtime: Runtime,
    program: Program,
    data: Readonly<Record<string, Tensor>>,
    options: TrainerOptions,
    threads = 1,
  ): Promise<Trainer> {
    return new Trainer(await runtime.createSession(program.bytes, { threads }), program, data, options);
  }

  /** Does as many updates as `plan.order` holds; returns the new state and the losses before each update, [steps, K]. */
  async advance(state: TrainingState, plan: StepPlan): Promise<{ state: TrainingState; losses: Float32Array }> {
    const { members, batch, layout } = this.program;
    const steps = plan.order.length / (members * batch);
    const dims = [members, layout.size];
    const f32 = (data: Float32Array, shape: readonly number[]): Tensor => ({ type: 'float32', dims: shape, data });
    const feeds: Record<string, Tensor> = {
      ...this.data,
      parameters: f32(state.parameters, dims),
      first: f32(state.first, dims),
      second: f32(state.second, dims),
      order: { type: 'int64', dims: [steps, members, batch], data: plan.order },
    };
    if (this.program.average) feeds.average = f32(state.average ?? state.parameters, dims);
    const tables = this.stepTables(state.step, steps, plan);
    for (const [name, values] of Object.entries(tables)) feeds[name] = f32(values, [steps, members, 1]);
    if (this.noise) {
      feeds.noise = f32(this.noise.values, [this.noise.values.length]);
      const offsets = this.noise.offsets(state.step, steps);
      feeds.offsets = { type: 'int64', dims: [steps, this.program.noise.length], data: offsets };
      const scale = (_: unknown, i: number): number => plan.dropoutScale?.(state.step + i) ?? 1;
      feeds.rate_scale = f32(Float32Array.from({ length: steps }, scale), [steps]);
    }
    const out = await this.session.run(feeds);
    const result = (name: string): Float32Array => out[name]!.data as Float32Array;
    return {
      state: {
        parameters: result('parameters_out'),
        first: result('first_out'),
        second: result('second_out'),
        ...(this.program.average ? { average: result('average_out') } : {}),
        step: state.step + steps,
      },
      losses: result('losses'),
    };
  }

  private stepTables(start: number, steps: number, plan: StepPlan): Record<string, Float32Array> {
    const { members, layout, optimizer, average } = this.program;
    const tables: Record<string, Float32Array> = {
      step_size: new Float32Array(steps * members),
      epsilon: new Float32Array(steps * members),
      keep: new Float32Array(steps * members),
      ...(average ? { follow: new Float32Array(steps * members) } : {}),
    };
    const fill = (name: string, i: number, value: number): void => {
      tables[name]?.fill(value, i * members, (i + 1) * members);
    };
    for (let i = 0; i < steps; i++) {
      const t = start + i;
      const { stepSize, epsilon } = stepScalars(optimizer, t + 1, plan.learningRate(t), this.options);
      const decay = plan.decay?.(t) ?? 0;
      fill('step_size', i, stepSize);
      fill('epsilon', i, epsilon);
      fill('keep', i, layout.decay ? decay : 1 - decay);
      fill('follow', i, 1 - (plan.averageDecay?.(t) ?? 0));
    }
    return tables;
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}
