/** Trains one lent trial on prepared data, with whatever runtime there is. Knows no messages and no server. */
import type { FitProgress } from '#core/contracts/learner.ts';
import type { Runtime } from '#core/contracts/runtime.ts';
import { trainBag } from '#core/learners/bag.ts';
import { packBag } from '#core/learners/packed-bag.ts';
import { learnerNamed, learners } from '#core/learners/registry.ts';
import type { Design } from '#core/spaces/space.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';

/** All of them are plain TypeScript or ONNX programs; the baseline is not worth the way. */
export const lentLearners: readonly string[] = learners.map(({ name }) => name).filter((name) => name !== 'baseline');

export interface TrialToTrain {
  readonly learner: string;
  readonly design: Design;
  readonly seed: number;
  readonly metric: string;
  /** Seconds from the call. */
  readonly seconds: number;
}

export interface TrainProgress {
  /** Folds done, and of how many. */
  readonly folds: readonly [done: number, total: number];
  /** Inside the fold that is trained now; null at its start. */
  readonly fit: FitProgress | null;
}

export interface TrainHooks {
  readonly cancelled: () => boolean;
  /** Lets messages through. */
  readonly breathe: () => Promise<void>;
  readonly onProgress?: (progress: TrainProgress) => void;
  /** Seconds of a clock that only runs forward. */
  readonly now: () => number;
}

/** Packing and sending take about so long after training. */
const packingSeconds = 0.3;

/**
 * @returns the trained bag as bytes for `PUT /api/lend/model/<trial>`
 * @throws CancelledError, OutOfTimeError, or what the learner throws
 */
export async function trainTrial(
  trial: TrialToTrain,
  { features, target, targetValues: values, folds }: Prepared,
  runtime: Runtime,
  hooks: TrainHooks,
): Promise<Uint8Array> {
  const end = hooks.now() + trial.seconds - packingSeconds;
  let done: TrainProgress['folds'] = [0, folds.folds.length];
  const tell = (fit: FitProgress | null) => hooks.onProgress?.({ folds: done, fit });
  const task = { features, target, values, folds };
  const bag = await trainBag(learnerNamed(trial.learner), trial.design, task, {
    runtime,
    seed: trial.seed,
    metric: trial.metric,
    judgedElsewhere: true,
    secondsLeft: () => end - hooks.now(),
    cancelled: hooks.cancelled,
    breathe: hooks.breathe,
    onProgress: tell,
    onFold: (...count) => {
      done = count;
      tell(null);
    },
  });
  return packBag(bag);
}
