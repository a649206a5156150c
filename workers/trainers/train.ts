/** One trial: trains a bag, scores its out-of-fold predictions, writes the artifact. */
import type { FitPlan, Learner } from '#core/contracts/learner.ts';
import type { TrialRerun } from '#core/contracts/receipt.ts';
import type { MetricName } from '#core/contracts/task.ts';
import { type Bag, trainBag } from '#core/learners/bag.ts';
import { learnerNamed } from '#core/learners/registry.ts';
import type { Design } from '#core/spaces/space.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import type { TrainingEngine } from '#core/train/engine.ts';
import type { TrainingSettings } from '#server/config/index.ts';
import { cpuClass } from '../runtime/cpu-class.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import { defaultEngine, openEngine } from '../runtime/training-engine.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';
import { writeBag } from './artifact.ts';
import { loadPrepared } from './prepared.ts';
import { type Scored, scoreOf, tunedEvaluatorOf, validationOf } from './score.ts';

export interface TrainInput {
  readonly searchId: string;
  readonly preparedPath: string;
  readonly learner: string;
  readonly design: Design;
  readonly seed: number;
  readonly metric: MetricName;
  /** `Date.now()` at which the trial must be done; Infinity where plans decide. */
  readonly deadline: number;
  /** What an earlier run recorded, one a fold: followed instead of the clock. */
  readonly plans?: readonly FitPlan[];
  readonly artifactPath: string;
  readonly training: TrainingSettings;
}

export interface TrainResult extends Scored {
  readonly oneRowMs: number;
  readonly steps: readonly number[];
  readonly notes: readonly string[];
  /** Left out where somebody else trained it. */
  readonly rerun?: TrialRerun;
  /** What trained its networks where that was not the CPU by onnxruntime, e.g. `tfjs 4.22.0 node`. */
  readonly trainedBy?: string;
}

/** Scoring with its bootstrap interval, and writing the artifact, take about so long after training. */
const scoringSecondsPerRow = 1e-5;

export async function trainTask(input: TrainInput, context: TaskContext): Promise<TrainResult> {
  const prepared = await loadPrepared(input.preparedPath);
  const learner = learnerNamed(input.learner);
  const { features, target, targetValues, folds } = prepared;
  const task = { features, target, values: targetValues, folds };
  const reserve = 0.05 + scoringSecondsPerRow * features.rows;
  const { engine, used } = noting(input.training);
  const bag = await trainBag(learner, input.design, task, {
    runtime: nodeRuntime,
    engine,
    seed: input.seed,
    metric: input.metric,
    secondsLeft: () => (input.deadline - Date.now()) / 1000 - reserve,
    plans: input.plans,
    cancelled: context.cancelled,
    breathe: context.breathe,
    onFold: (done, total) => context.progress({ done, total }),
  });
  const validation = validationOf(prepared);
  const evaluate = tunedEvaluatorOf(prepared, validation, input.metric, bag.predictions);
  const scored = scoreOf(evaluate, validation.rows.length, input.seed);
  if (!Number.isFinite(scored.score)) throw new RangeError(`The ${input.metric} of its predictions is not a number.`);
  const hash = await writeBag(input.artifactPath, bag);
  const others = [...used].filter((name) => name !== defaultEngine.name);
  return {
    ...scored,
    oneRowMs: await measureRow(learner, bag, prepared),
    steps: bag.steps,
    notes: bag.notes,
    rerun: {
      plans: [...(bag.plans ?? [])],
      trainer: used.size > 0 ? [...used].join(', ') : null,
      cpu: cpuClass().cpu,
      bag: hash,
    },
    ...(others.length > 0 ? { trainedBy: others.join(', ') } : {}),
  };
}

/** The engine of the settings, opened when a network asks for it, and the names of what trained networks. */
function noting(settings: TrainingSettings): { engine: TrainingEngine; used: ReadonlySet<string> } {
  const used = new Set<string>();
  const create: TrainingEngine['create'] = async (...request) => {
    const trainer = await (await openEngine(settings)).create(...request);
    used.add(trainer.name);
    return trainer;
  };
  return { engine: { name: settings.trainer, create }, used };
}

/** Trees walk in TypeScript here and in onnxruntime later, which was measured six to seven times faster. */
const exportedShare: Readonly<Record<string, number>> = { boosting: 0.2, forest: 0.2, linear: 0.1 };

/**
 * Milliseconds that one row costs through all folds of a bag: the slope between a small and a larger batch, so that
 * what every call costs once does not count.
 */
export async function measureRow(learner: Learner, bag: Bag, { features, target }: Prepared): Promise<number> {
  const [model] = bag.models;
  const many = Math.min(800, features.rows);
  const few = Math.floor(many / 4);
  if (!model || few < 10) return 0;
  const classes = target.problem === 'regression' ? 1 : target.classes.length;
  const time = async (n: number) => {
    const rows = Int32Array.from({ length: n }, (_, i) => i);
    const began = performance.now();
    await learner.predict(model, features, rows, { problem: target.problem, classes }, nodeRuntime);
    return performance.now() - began;
  };
  const small = await time(few);
  const large = await time(many);
  const inTypeScript = (Math.max(0, large - small) / (many - few)) * bag.models.length;
  return inTypeScript * (exportedShare[bag.learner] ?? 1);
}
