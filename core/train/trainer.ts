/** Runs a training program call by call; each call is some steps of the `Loop`, a function of state and inputs alone. */
import type { Runtime, Session, Tensor } from '../contracts/runtime.ts';
import { memberSeeds, NoisePool } from './noise.ts';
import { batchAxes, type Program } from './program.ts';
import type { TrainingState } from './state.ts';
import { stepTables } from './step-tables.ts';

/** A number for update `t`, counted from 0 over the whole run, of member `k`. */
export type StepValue = (t: number, k: number) => number;

export interface StepPlan {
  /** Row indices [steps, K, batch], or [steps, accumulate, K, batch]. */
  readonly order: BigInt64Array;
  readonly learningRate: StepValue;
  /** Learning rate · weight decay. */
  readonly decay?: StepValue;
  /** Multiplies the network's rates of dropout. */
  readonly dropoutScale?: StepValue;
  /** Share of the average that stays; `averageDecay` (schedule.ts) warms up. */
  readonly averageDecay?: StepValue;
  /** Deviation of the noise of gradients (`gradientNoiseAt`). */
  readonly gradientNoise?: StepValue;
  /** What stays of a row in mixup (`mixupShare`); here `t` counts batches. */
  readonly mix?: StepValue;
  /** Of every data input of kind `step`, what each step, or batch, reads. */
  readonly inputs?: Readonly<Record<string, Float32Array>>;
}

export interface TrainerOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Seeds all random numbers of steps: one for each member, or that of the first, which the others count up from. */
  readonly seed: number | readonly number[];
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
    const { noise, members } = program;
    this.noise = noise.length === 0 ? null : new NoisePool(noise, memberSeeds(options.seed, members));
  }

  /** @param data a tensor for every data input of the program but those of steps: [n, ...] rows, or [n] class indices */
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
    const { members, batch, accumulate, layout } = this.program;
    const steps = plan.order.length / (accumulate * members * batch);
    const f32 = (data: Float32Array): Tensor => ({ type: 'float32', dims: [members, layout.size], data });
    const feeds: Record<string, Tensor> = {
      ...this.data,
      ...stepTables(this.program, this.options, state.step, steps, plan),
      parameters: f32(state.parameters),
      first: f32(state.first),
      second: f32(state.second),
    };
    if (this.program.average) feeds.average = f32(state.average ?? state.parameters);
    if (this.noise) {
      feeds.noise = { type: 'float32', dims: [this.noise.values.length], data: this.noise.values };
      const dims = [...batchAxes(steps, accumulate), this.program.noise.length, members];
      const offsets = this.noise.offsets(state.step * accumulate, steps * accumulate);
      feeds.offsets = { type: 'int64', dims, data: offsets };
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

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}
