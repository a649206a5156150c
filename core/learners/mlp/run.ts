/** The training loop of one fold: plans the steps into the time left, trains, validates, keeps the best. */
import { CancelledError, type FitContext } from '../../contracts/learner.ts';
import type { NetworkTrainer } from '../../train/engine.ts';
import type { BatchOrder } from '../../train/order.ts';
import { scheduleAt } from '../../train/schedule.ts';
import type { TrainingState } from '../../train/state.ts';
import type { StepPlan } from '../../train/trainer.ts';
import type { MlpDesign } from './design.ts';
import type { Validated, Validation } from './validation.ts';

/** Milliseconds of one call of the training program: short enough to hear a cancellation. */
const CALL_MS = 60;
const LONGEST_CALL = 500;
/** Share of the time left that training and validation plan with. */
const TIME_SHARE = 0.9;
/** Validation may take this share of the time of the steps before it. */
const VALIDATION_SHARE = 0.3;
/** At least this many validations in a run, also where it ends within few epochs. */
const LOOKS = 10;
const FEWEST_STEPS = 20;
/** Steps that are timed, and thrown away, before the plan is made. */
const TRIED_STEPS = 3;
/** Progress after which a plan no longer grows, so that the learning rate still comes down to 0. */
const LAST_GROWTH = 0.8;

/** What the clock decided. JSON. */
export type RunPlan = {
  /** Steps of the first plan. */
  readonly total: number;
  /** Steps between two looks at the validation rows. */
  readonly every: number;
  /** Steps done when a new plan was made, and its steps in all. */
  readonly replans: readonly (readonly [number, number])[];
};

export interface RunResult {
  readonly parameters: Float32Array;
  /** On the validation rows; empty when there are none. */
  readonly predictions: Float32Array;
  /** Epochs trained until the kept one, rounded up. */
  readonly epochs: number;
  /** What the run predicted on its way; empty unless the context says that rows are few. */
  readonly checkpoints: readonly RunCheckpoint[];
  readonly plan: RunPlan;
  readonly notes: readonly string[];
}

export interface RunCheckpoint extends Validated {
  /** Share of the run. */
  readonly at: number;
  /** What made the predictions; kept only where the context says that the fold is judged elsewhere. */
  readonly parameters?: Float32Array;
}

export interface RunInput {
  readonly design: MlpDesign;
  readonly peakRate: number;
  readonly trainer: NetworkTrainer;
  readonly order: BatchOrder;
  readonly validation: Validation;
  readonly state: TrainingState;
  readonly context: FitContext;
}

/** Checkpoints lie close together early on: networks on few rows overfit within some epochs. */
const CHECKPOINTS = Array.from({ length: 16 }, (_, i) => 2 ** ((i - 15) / 2));

/** The last checkpoint at or before this share of the run; 0 before all of them. */
const checkpointAt = (progress: number): number => CHECKPOINTS.findLast((at) => at <= progress + 1e-9) ?? 0;

/** Bytes that the checkpoints of one fold may hold where their parameters are kept. */
const CHECKPOINT_BYTES = 32 * 1024 * 1024;

/** Whether to keep them. Throws a RangeError where they would be too many. */
function keepsParameters({ fewRows, judgedElsewhere }: FitContext, { parameters }: TrainingState): boolean {
  if (!fewRows || !judgedElsewhere) return false;
  if (CHECKPOINTS.length * parameters.byteLength > CHECKPOINT_BYTES)
    throw new RangeError('This network is too large to be handed over with all that it is judged by.');
  return true;
}

/** Milliseconds of `work` by the context's own clock; 0 where that does not run. */
async function timed(clock: () => number, work: () => Promise<unknown>): Promise<number> {
  const before = clock();
  await work();
  return Number.isFinite(before) ? (before - clock()) * 1000 : 0;
}

/** Steps of the recorded plan from `step` until it changes. */
const untilReplan = ({ replans }: RunPlan, step: number): number =>
  (replans.find(([at]) => at > step)?.[0] ?? Number.POSITIVE_INFINITY) - step;

/** The new plan where the possible steps are well off the planned ones. */
const replanned = (progress: number, total: number, possible: number): number | undefined =>
  possible < total * 0.97 || (possible > total * 1.1 && progress < LAST_GROWTH) ? possible : undefined;

export async function trainRun(input: RunInput): Promise<RunResult> {
  const { design, trainer, order, validation, context } = input;
  const { secondsLeft } = context;
  const limit = secondsLeft();
  const reserve = Number.isFinite(limit) ? (1 - TIME_SHARE) * Math.max(0, limit) : 0;
  const perEpoch = order.stepsPerEpoch;
  const wanted = design.epochs * perEpoch;
  const sample = order.peek(TRIED_STEPS);
  const recorded = context.plan as RunPlan | undefined;
  let stepMs =
    (await timed(secondsLeft, () => trainer.advance(input.state, { order: sample, learningRate: () => 0 }))) / 3;
  stepMs = Math.max(stepMs, 0.01);
  const lookMs = validation.empty ? 0 : await timed(secondsLeft, () => validation.run(input.state.parameters));
  const affordable = (ms: number): number => Math.floor(((secondsLeft() - reserve) * 1000) / ms);
  const interval = (steps: number): number =>
    Math.max(Math.min(perEpoch, Math.ceil(steps / LOOKS)), Math.ceil(lookMs / (VALIDATION_SHARE * stepMs)), 1);
  let total = Math.min(wanted, Math.max(FEWEST_STEPS, affordable(stepMs * (1 + VALIDATION_SHARE))));
  let every = interval(total);
  total = Math.min(wanted, Math.max(FEWEST_STEPS, affordable(stepMs + lookMs / every)));
  every = interval(total);
  if (recorded) ({ total, every } = recorded);
  const plan = { total, every, replans: [] as [number, number][] };
  // Progress from 0 to 1 drives all schedules; a re-plan keeps it continuous.
  let from = { step: 0, progress: 0 };
  const progress = (t: number): number =>
    from.progress + ((1 - from.progress) * (t - from.step)) / Math.max(1, total - from.step);
  const rate = (t: number): number => input.peakRate * scheduleAt('coslog4', progress(t));
  const fade = (t: number): number => scheduleAt('flat-cosine', progress(t));
  const schedule: Omit<StepPlan, 'order'> = {
    learningRate: rate,
    decay: (t) => rate(t) * design.weightDecay * fade(t),
    dropoutScale: fade,
  };
  let state = input.state;
  const roomLeft = () => Math.max(0, affordable(stepMs + lookMs / every));
  let best: (Validated & { parameters: Float32Array; step: number }) | undefined;
  const checkpoints: RunCheckpoint[] = [];
  const keeps = keepsParameters(context, input.state);
  const notes: string[] = [];
  while (state.step < total) {
    if (context.cancelled()) throw new CancelledError('The training was cancelled.');
    const untilLook = every - (state.step % every);
    const untilPlan = recorded ? untilReplan(recorded, state.step) : untilLook;
    const perCall = Math.min(LONGEST_CALL, Math.max(1, Math.round(CALL_MS / stepMs)));
    const count = Math.min(untilLook, untilPlan, total - state.step, perCall);
    const batches = order.next(count);
    let losses: Float32Array = new Float32Array(0);
    const callMs = await timed(secondsLeft, async () => {
      ({ state, losses } = await trainer.advance(state, { ...schedule, order: batches }));
    });
    stepMs = 0.8 * stepMs + 0.2 * Math.max(0.01, callMs / count);
    const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    context.onProgress?.({ unit: 'step', done: state.step, total, epoch: state.step / perEpoch, loss });
    await context.breathe();
    if (losses.some((v) => !Number.isFinite(v))) {
      notes.push(`diverged at step ${state.step} of ${total}`);
      break;
    }
    const now = progress(state.step);
    const planned = recorded
      ? recorded.replans.find(([at]) => at === state.step)?.[1]
      : replanned(now, total, Math.min(wanted, Math.max(FEWEST_STEPS, state.step + roomLeft())));
    if (planned !== undefined) {
      plan.replans.push([state.step, planned]);
      from = { step: state.step, progress: now };
      total = planned;
    }
    // Only now: a plan cut to the steps already made still ends with a look.
    if (!validation.empty && (state.step % every === 0 || state.step >= total)) {
      const look = await validation.run(state.parameters);
      // On ties the later one, which has seen smaller learning rates.
      if (!Number.isNaN(look.loss) && (best === undefined || look.loss <= best.loss)) {
        best = { ...look, parameters: state.parameters, step: state.step };
      }
      const at = checkpointAt(progress(state.step));
      if (context.fewRows && !Number.isNaN(look.loss) && at > (checkpoints.at(-1)?.at ?? 0))
        checkpoints.push({ at, ...look, ...(keeps ? { parameters: state.parameters } : {}) });
    }
  }
  if (total < wanted) {
    const epochs = (total / perEpoch).toFixed(total < 10 * perEpoch ? 1 : 0);
    notes.push(`shortened by the time limit to ${epochs} of ${design.epochs} epochs`);
  }
  if (best === undefined) {
    if (notes.some((n) => n.startsWith('diverged')) || !validation.empty)
      throw new Error('The network diverged before its first validation.');
    best = { parameters: state.parameters, predictions: new Float32Array(0), loss: Number.NaN, step: state.step };
  }
  const { parameters, predictions, step } = best;
  return { parameters, predictions, epochs: Math.ceil(step / perEpoch), checkpoints, plan, notes };
}
