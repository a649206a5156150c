/** The training loop of folds side by side: plans the steps into the time left, trains, validates, keeps the best of each. */
import { CancelledError, type FitContext } from '../../contracts/learner.ts';
import type { NetworkTrainer } from '../../train/engine.ts';
import type { BatchOrder } from '../../train/order.ts';
import { scheduleAt } from '../../train/schedule.ts';
import type { TrainingState } from '../../train/state.ts';
import type { StepPlan } from '../../train/trainer.ts';
import type { MlpDesign } from './design.ts';
import { FoldKeeper, type KeptFold } from './kept.ts';
import type { Validation } from './validation.ts';

/** Milliseconds of one call of the training program: short enough to hear a cancellation. */
const CALL_MS = 60;
const LONGEST_CALL = 500;
/** Share of the time left that training and validation plan with. */
const TIME_SHARE = 0.9;
/** Validation may take this share of the time of the steps before it. */
const VALIDATION_SHARE = 0.3;
/** At least this many validations in a run, also where it ends within few epochs. */
const LOOKS = 10;
/**
 * Steps between two validations where epochs are shorter, and validations of a run that these steps must leave: each ends a
 * call, which costs about half a step, but the best points lie in narrow valleys of the learning rate.
 */
const LOOK_STEPS = 8;
const MANY_LOOKS = 128;
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
  /** One a fold. */
  readonly folds: readonly KeptFold[];
  readonly plan: RunPlan;
  /** Remarks on the whole run. */
  readonly notes: readonly string[];
}

export interface RunInput {
  readonly design: MlpDesign;
  readonly peakRate: number;
  readonly trainer: NetworkTrainer;
  /** Of all members of all folds, those of one fold next to each other, as in `validation` and `state`. */
  readonly order: BatchOrder;
  readonly validation: Validation;
  readonly state: TrainingState;
  readonly folds: number;
  /** Of all folds. */
  readonly context: FitContext;
}

/** Milliseconds of `work` by the context's own clock; 0 where that does not run. */
async function timed(clock: () => number, work: () => Promise<unknown>): Promise<number> {
  const before = clock();
  await work();
  return Number.isFinite(before) ? (before - clock()) * 1000 : 0;
}

/** Seconds that are not planned with: as much as the last of so many folds would keep, but two calls if it can be. */
const reserveOf = (limit: number, folds: number): number =>
  (1 - TIME_SHARE) * Math.max(limit / folds, Math.min(limit, (2 * CALL_MS) / 1000 / (1 - TIME_SHARE)));

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
  const reserve = Number.isFinite(limit) ? reserveOf(Math.max(0, limit), input.folds) : 0;
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
    Math.max(
      Math.min(perEpoch, Math.ceil(steps / LOOKS)),
      Math.min(LOOK_STEPS, Math.floor(steps / MANY_LOOKS)),
      Math.ceil(lookMs / (VALIDATION_SHARE * stepMs)),
      1,
    );
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
  const size = state.parameters.length / input.folds;
  const keepers = Array.from({ length: input.folds }, () => new FoldKeeper(context, 4 * size));
  const parametersOf = (fold: number) => state.parameters.slice(fold * size, (fold + 1) * size);
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
    const each = lossesOf(losses, count, input.folds);
    const sound = each.filter(Number.isFinite);
    const loss = sound.reduce((sum, value) => sum + value, 0) / sound.length;
    const epoch = state.step / perEpoch;
    context.onProgress?.({ unit: 'step', done: state.step, total, epoch, folds: input.folds, loss });
    await context.breathe();
    for (const [f, value] of each.entries()) if (!Number.isFinite(value)) keepers[f]!.diverge(state.step, total);
    if (keepers.every(({ diverged }) => diverged)) break;
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
      const looks = await validation.run(state.parameters);
      const at = progress(state.step);
      for (const [f, look] of looks.entries()) keepers[f]!.look(look, state.step, at, () => parametersOf(f));
    }
  }
  const folds = keepers.map((keeper, f) => keeper.kept(state.step, validation.empty ? parametersOf(f) : null));
  const notes: string[] = [];
  if (total < wanted) {
    const epochs = (total / perEpoch).toFixed(total < 10 * perEpoch ? 1 : 0);
    notes.push(`shortened by the time limit to ${epochs} of ${design.epochs} epochs`);
  }
  return { folds, plan, notes };
}

/** The mean loss of each fold, over its members and `steps`. */
function lossesOf(losses: Float32Array, steps: number, folds: number): number[] {
  const [members, sums] = [losses.length / steps, new Array<number>(folds).fill(0)];
  losses.forEach((loss, i) => {
    sums[Math.floor(((i % members) * folds) / members)]! += loss / (losses.length / folds);
  });
  return sums;
}
