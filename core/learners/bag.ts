/** A bag: one learner trained on every fold; rows are predicted by the fold models that have not seen them. */
import type { Features, FitContext, FitPlan, FoldFit, FoldModel, Learner, Problem } from '../contracts/learner.ts';
import type { Design } from '../spaces/space.ts';
import { keepsDirections } from '../tasks/directions.ts';
import { type Fold, type FoldPlan, mergeFolds } from '../tasks/folds.ts';
import { learnerTarget, type TargetPlan, type TargetScale, toPlainScale } from '../tasks/target.ts';
import { fitGroup, inGroups } from './fold-groups.ts';
import { OutOfFold } from './out-of-fold.ts';
import { SHARED_STOP_ROWS, shareStop } from './shared-stop.ts';

export type { Design };

/** Decisions of one trial: `learner`, what that learner decides, and what the bag decides (`logTarget`, `mergeBy`). */
export interface BagTask {
  readonly features: Features;
  readonly target: TargetPlan;
  /** Class indices, or values in the user's units. */
  readonly values: Float64Array;
  readonly folds: FoldPlan;
}

export interface BagContext extends Omit<FitContext, 'plan'> {
  /** `Bag.plans` of an earlier run, followed instead of the clock. */
  readonly plans?: readonly FitPlan[] | undefined;
  /** Called before the first fold and after each. */
  readonly onFold?: (done: number, total: number) => void;
}

export interface Bag {
  readonly learner: string;
  readonly scale: TargetScale;
  readonly models: readonly FoldModel[];
  /** What made `predictions` where that is not `models`: only on few rows, for whoever judges the bag elsewhere. */
  readonly judged?: readonly FoldModel[];
  /**
   * Out-of-fold predictions, row-major [rows, classes]: probabilities, or values standardised on the plain scale
   * whatever scale the bag learned on. NaN in rows that no fold validates; `coveredRows` lists the others.
   */
  readonly predictions: Float32Array;
  readonly steps: readonly number[];
  /** What the clock decided in each fold; left out where somebody else trained it. */
  readonly plans?: readonly FitPlan[];
  readonly notes: readonly string[];
}

export class OutOfTimeError extends Error {
  override name = 'OutOfTimeError';
}

/** What a design says about the bag, apart from what its learner decides. */
export function planBag(
  design: Design,
  task: Pick<BagTask, 'target' | 'folds'>,
): { decisions: Design; scale: TargetScale; folds: readonly Fold[] } {
  const { learner: _name, logTarget, mergeBy, ...decisions } = design;
  const log = logTarget === true && task.target.problem === 'regression' && task.target.log !== null;
  const { folds } = mergeFolds(task.folds, typeof mergeBy === 'number' ? mergeBy : 1);
  return { decisions, scale: log ? 'log' : 'plain', folds };
}

/** Whether rows are so few that the folds stop together, see `shareStop`. */
export const sharesStop = (task: Pick<BagTask, 'features'>, folds: readonly Fold[]): boolean =>
  folds.length > 1 && task.features.rows < SHARED_STOP_ROWS;

/**
 * Trains a bag, folds side by side where the learner gains from it. Each may use an equal share of the time that is left.
 * @throws RangeError where predictions must keep to directions that the learner cannot keep to
 * @throws OutOfTimeError when the folds so far show that the rest cannot finish: an incomplete bag is worth nothing
 */
export async function trainBag(learner: Learner, design: Design, task: BagTask, context: BagContext): Promise<Bag> {
  if (task.features.directions && !keepsDirections(learner.name))
    throw new RangeError(`The learner ${learner.name} cannot keep to a direction along a column.`);
  const { decisions, scale, folds } = planBag(design, task);
  const target = learnerTarget(task.target, task.values, scale);
  const outOfFold = new OutOfFold(task.features.rows, target.classes);
  const fits: FoldFit[] = [];
  const shared = sharesStop(task, folds);
  const { plans, ...rest } = context;
  if (plans && plans.length !== folds.length)
    throw new RangeError(`${plans.length} recorded plans do not fit ${folds.length} folds.`);
  const begin = context.secondsLeft();
  context.onFold?.(0, folds.length);
  const least = Math.min(...folds.map(({ valid }) => valid.length));
  const common = {
    ...rest,
    metric: watchedMetric(context.metric, target.problem, shared ? 0 : least),
    fewRows: shared,
  };
  const most = (await learner.together?.(decisions, task.features, target, folds, context)) ?? 1;
  for (const [k, group] of inGroups(folds, most)) {
    const left = context.secondsLeft();
    if (!plans && k > 0 && Number.isFinite(begin) && left < 0.5 * ((begin - left) / k) * (folds.length - k)) {
      throw new OutOfTimeError(
        `${k} of ${folds.length} folds took ${(begin - left).toFixed(1)} s; the rest would not fit.`,
      );
    }
    const end = left - (left * group.length) / (folds.length - k);
    const contexts = group.map((_, i) => ({
      ...common,
      ...(plans ? { plan: plans[k + i]! } : {}),
      // Folds differ in their random streams, or they would all sample the same columns.
      seed: (context.seed + Math.imul(k + i + 1, 0x9e3779b1)) >>> 0,
      secondsLeft: () => (Number.isFinite(left) ? context.secondsLeft() - end : left),
    }));
    fits.push(...(await fitGroup(learner, decisions, task.features, target, group, contexts)));
    context.onFold?.(fits.length, folds.length);
  }
  const kept = shared
    ? shareStop(
        fits,
        folds.map((fold) => fold.valid.length),
      )
    : fits;
  const judged = kept.flatMap((fold) => fold.judged ?? []);
  kept.forEach(({ validPredictions }, k) => {
    outOfFold.add(folds[k]!, toPlainScale(task.target, validPredictions, scale));
  });
  return {
    learner: learner.name,
    scale,
    models: kept.map(({ model }) => model),
    ...(judged.length === kept.length ? { judged } : {}),
    predictions: outOfFold.mean(),
    steps: kept.map((fold) => fold.steps),
    plans: fits.map((fit) => fit.plan ?? {}),
    notes: [...new Set(fits.flatMap((fit) => fit.notes))],
  };
}

/** Validation rows per fold below which counting errors or pairs is too coarse to stop by. */
const FEW_ROWS = 250;

/** What early stopping watches: log loss where the metric itself would be mostly noise, or weighs labels by costs. */
function watchedMetric(metric: string, problem: Problem, rows: number): string {
  return problem !== 'regression' && (rows < FEW_ROWS || metric === 'cost') ? 'log_loss' : metric;
}

/** Rows that some fold validates, ascending. */
export function coveredRows(plan: FoldPlan): Int32Array {
  const rows = new Set<number>();
  for (const fold of plan.folds) for (const row of fold.valid) rows.add(row);
  return Int32Array.from(rows).sort();
}

/** Mean prediction of the fold models on any rows: what the exported graph computes, on the plain scale. */
export async function predictBag(
  learner: Learner,
  bag: Pick<Bag, 'models' | 'scale'>,
  features: Features,
  plan: TargetPlan,
  runtime: FitContext['runtime'],
): Promise<Float32Array> {
  const problem = plan.problem;
  const classes = plan.problem === 'regression' ? 1 : plan.classes.length;
  const rows = Int32Array.from({ length: features.rows }, (_, i) => i);
  const sums = new Float64Array(features.rows * classes);
  for (const model of bag.models) {
    const predictions = await learner.predict(model, features, rows, { problem, classes }, runtime);
    for (let i = 0; i < sums.length; i++) sums[i]! += predictions[i]!;
  }
  const mean = new Float32Array(sums.length);
  for (let i = 0; i < sums.length; i++) mean[i] = sums[i]! / bag.models.length;
  return toPlainScale(plan, mean, bag.scale);
}

/** Bytes that a bag adds to an exported file, within a third: trees take 1.3 times their arrays, networks as much. */
export function exportedBytes(bag: Pick<Bag, 'models'>): number {
  let bytes = 0;
  for (const { arrays } of bag.models) for (const array of Object.values(arrays)) bytes += array.byteLength;
  return 1.3 * bytes;
}
