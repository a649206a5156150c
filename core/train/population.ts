/**
 * A population: networks of one shape that differ in seed, rows, learning rate, weight decay, dropout, clipping and start,
 * trained as one batched program. Each does what it would do alone; those that fall behind can be dropped on the way.
 */
import type { Tensor } from '../contracts/runtime.ts';
import type { NetworkTrainer, TrainingEngine, TrainingSpec } from './engine.ts';
import { BatchOrder, type LastBatch } from './order.ts';
import { initialState, keepMembers, type TrainingState } from './state.ts';
import type { StepPlan, TrainerOptions } from './trainer.ts';

/** One member. Schedules count updates from 0. */
export interface Member {
  readonly seed: number;
  /** Training rows. */
  readonly rows: Int32Array;
  readonly learningRate: (t: number) => number;
  /** Learning rate · weight decay. */
  readonly decay?: (t: number) => number;
  /** Multiplies the rates of dropout in the network. */
  readonly dropoutScale?: (t: number) => number;
  /** Largest L2 norm of the gradient; none where not stated. */
  readonly clipNorm?: number;
  /** Multiplies what parameters draw at the start; 1 where not stated. */
  readonly initGain?: number;
  /** Share of the moving average that stays, where the population keeps one. */
  readonly averageDecay?: (t: number) => number;
  /** Deviation of the noise of gradients, where the population has it; none where not stated. */
  readonly gradientNoise?: (t: number) => number;
  /** What stays of a row, where the population mixes rows; all of it where not stated. */
  readonly mix?: (t: number) => number;
}

/** What all members have in common. With the last batch masked, `maskInput` is the network's input of row weights [K, N, 1]. */
export interface PopulationSpec extends Omit<TrainingSpec, 'members' | 'decay' | 'clipNorm' | 'accumulate'> {
  readonly maskInput?: string;
}

export class Population {
  private readonly engine: TrainingEngine;
  private readonly spec: PopulationSpec;
  private readonly data: Readonly<Record<string, Tensor>>;
  private readonly options: Omit<TrainerOptions, 'seed'>;
  private trainer: NetworkTrainer;
  private order: BatchOrder;
  private ids: readonly number[];
  private readonly all: readonly Member[];
  /** Of the members that are left, in the order of `members`. */
  state: TrainingState;

  private constructor(
    engine: TrainingEngine,
    spec: PopulationSpec,
    data: Readonly<Record<string, Tensor>>,
    options: Omit<TrainerOptions, 'seed'>,
    members: readonly Member[],
    trainer: NetworkTrainer,
  ) {
    this.engine = engine;
    this.spec = spec;
    this.data = data;
    this.options = options;
    this.all = members;
    this.ids = members.map((_, k) => k);
    this.trainer = trainer;
    const seeds = members.map((m) => m.seed);
    const last: LastBatch = spec.maskInput === undefined ? 'drop' : 'mask';
    this.order = new BatchOrder(
      members.map((m) => m.rows),
      seeds.map((seed) => seed + 1),
      spec.batch,
      last,
    );
    this.state = initialState(
      trainer.layout,
      seeds,
      members.map((m) => m.initGain ?? 1),
    );
  }

  /** @param data a tensor for every data input of the network but those of steps */
  static async create(
    engine: TrainingEngine,
    spec: PopulationSpec,
    data: Readonly<Record<string, Tensor>>,
    options: Omit<TrainerOptions, 'seed'>,
    members: readonly Member[],
  ): Promise<Population> {
    if (members.length === 0) throw new RangeError('A population needs a member.');
    const trainer = await trainerOf(engine, spec, data, options, members, members);
    return new Population(engine, spec, data, options, members, trainer);
  }

  /** Which of the members that it began with are left. */
  get members(): readonly number[] {
    return this.ids;
  }

  get layout() {
    return this.trainer.layout;
  }

  get stepsPerEpoch(): number {
    return this.order.stepsPerEpoch;
  }

  /** Trains all that are left for `steps` updates; returns the loss curve of each, in the order of `members`. */
  async advance(steps: number): Promise<Float32Array[]> {
    const { order, mask } = this.order.nextMasked(steps);
    const left = this.left();
    const of =
      (value: (m: Member) => ((t: number) => number) | undefined, otherwise: number) =>
      (t: number, k: number): number =>
        value(left[k]!)?.(t) ?? otherwise;
    const { maskInput } = this.spec;
    const plan: StepPlan = {
      order,
      learningRate: of((m) => m.learningRate, 0),
      decay: of((m) => m.decay, 0),
      dropoutScale: of((m) => m.dropoutScale, 1),
      averageDecay: of((m) => m.averageDecay, 0),
      gradientNoise: of((m) => m.gradientNoise, 0),
      mix: of((m) => m.mix, 1),
      ...(maskInput === undefined ? {} : { inputs: { [maskInput]: mask } }),
    };
    const { state, losses } = await this.trainer.advance(this.state, plan);
    this.state = state;
    const count = left.length;
    return left.map((_, k) => Float32Array.from({ length: steps }, (_, t) => losses[t * count + k]!));
  }

  /** Goes on with the members `kept` alone, given as they were numbered at the beginning. */
  async keep(kept: readonly number[]): Promise<void> {
    const places = kept.map((id) => this.ids.indexOf(id));
    if (places.length === 0 || places.includes(-1)) throw new RangeError('Only members that are left can be kept.');
    const { layout } = this.trainer;
    const members = kept.map((id) => this.all[id]!);
    const next = await trainerOf(this.engine, this.spec, this.data, this.options, members, this.all);
    await this.trainer.dispose();
    this.trainer = next;
    this.state = keepMembers(this.state, layout, places);
    this.order = this.order.keep(places);
    this.ids = [...kept];
  }

  private left(): Member[] {
    return this.ids.map((id) => this.all[id]!);
  }

  dispose(): Promise<void> {
    return this.trainer.dispose();
  }
}

/** A trainer of `members`; what any of `all` needs is part of the program, so that a member's arithmetic stays the same. */
function trainerOf(
  engine: TrainingEngine,
  { maskInput, ...spec }: PopulationSpec,
  data: Readonly<Record<string, Tensor>>,
  options: Omit<TrainerOptions, 'seed'>,
  members: readonly Member[],
  all: readonly Member[],
): Promise<NetworkTrainer> {
  const limits = members.map((m) => m.clipNorm ?? LARGEST);
  const whole: TrainingSpec = {
    ...spec,
    data: maskInput === undefined ? spec.data : { ...spec.data, [maskInput]: 'step' },
    members: members.length,
    memberwise: true,
    decay: all.some((m) => m.decay !== undefined),
    clipNorm: all.some((m) => m.clipNorm !== undefined) ? limits : null,
  };
  return engine.create(whole, data, { ...options, seed: members.map((m) => m.seed) });
}

/** A limit that no gradient reaches. */
const LARGEST = 3e38;
