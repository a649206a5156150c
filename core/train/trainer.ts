/** Runs a training program call by call; each call is some steps of the `Loop`, a function of state and inputs alone. */
import type { Runtime, Session, Tensor } from '../contracts/runtime.ts';
import { compactRows, rowBytes, stepsWithin } from './chunks.ts';
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
  /** Largest size of the rows that one call may hand to the runtime, as for a GPU; no limit where not stated. */
  readonly dataBytes?: number;
}

export class Trainer {
  private readonly session: Session;
  private readonly program: Program;
  private readonly data: Readonly<Record<string, Tensor>>;
  /** The part of `data` that steps take rows of. */
  private readonly rows: Readonly<Record<string, Tensor>>;
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
    const isRows = (name: string): boolean => ['rows', 'classes'].includes(program.data[name]?.kind ?? '');
    this.rows = Object.fromEntries(Object.entries(data).filter(([name]) => isRows(name)));
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

  /**
   * Does as many updates as `plan.order` holds; returns the new state and the losses before each update, [steps, K]. Where
   * the data is larger than `dataBytes`, some steps at a time with the rows that they read.
   */
  async advance(state: TrainingState, plan: StepPlan): Promise<{ state: TrainingState; losses: Float32Array }> {
    const { accumulate, members, batch } = this.program;
    const { dataBytes = Number.POSITIVE_INFINITY } = this.options;
    const each = rowBytes(this.rows);
    const total = each * Math.max(0, ...Object.values(this.rows).map(({ dims }) => dims[0]!));
    if (total <= dataBytes) return this.run(state, plan, this.data);
    const perStep = accumulate * members * batch;
    const steps = plan.order.length / perStep;
    const losses = new Float32Array(steps * members);
    let now = state;
    for (let done = 0; done < steps; ) {
      const count = stepsWithin(plan.order, perStep, done, dataBytes, each);
      const compact = compactRows(this.rows, plan.order.slice(done * perStep, (done + count) * perStep));
      const part = { ...plan, order: compact.order, ...inputsOf(plan, done, count, steps) };
      const result = await this.run(now, part, { ...this.data, ...compact.data });
      losses.set(result.losses, done * members);
      now = result.state;
      done += count;
    }
    return { state: now, losses };
  }

  private async run(
    state: TrainingState,
    plan: StepPlan,
    data: Readonly<Record<string, Tensor>>,
  ): Promise<{ state: TrainingState; losses: Float32Array }> {
    const { members, batch, accumulate, layout } = this.program;
    const steps = plan.order.length / (accumulate * members * batch);
    const f32 = (data: Float32Array): Tensor => ({ type: 'float32', dims: [members, layout.size], data });
    const feeds: Record<string, Tensor> = {
      ...data,
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

/** What the plan holds for `count` of its `steps` steps. */
function inputsOf({ inputs }: StepPlan, from: number, count: number, steps: number): Pick<StepPlan, 'inputs'> {
  if (!inputs) return {};
  const part = (all: Float32Array): Float32Array => {
    const size = all.length / steps;
    return all.subarray(from * size, (from + count) * size);
  };
  return { inputs: Object.fromEntries(Object.entries(inputs).map(([name, all]) => [name, part(all)])) };
}
