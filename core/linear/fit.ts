/** Fits a linear model along a path of penalties, strong to weak, and keeps the one that validates best. */
import type { Features, FitContext, Problem, Target } from '../contracts/learner.ts';
import { Pulse } from '../learners/pulse.ts';
import { Random } from '../math/random.ts';
import { quantileOf } from '../metrics/regression.ts';
import { type DesignMatrix, designMatrix, type Standard, standardise } from './design-matrix.ts';
import { discriminantStart } from './discriminant.ts';
import { minimise, type Objective } from './owlqn.ts';
import { type LinearData, lossAndResiduals, margins, objectiveOf, weightCount } from './problem.ts';
import type { Ramps } from './ramps.ts';

export interface LinearOptions {
  readonly spline: boolean;
  /** Share of L1 in the penalty, 0 to 1. */
  readonly mix: number;
}

export interface LinearFit {
  /** Weights on standardised dense columns, codes and intercepts; see `LinearData`. */
  readonly weights: Float64Array;
  readonly standard: Standard;
  readonly outputs: number;
  readonly strength: number;
  /** Every penalty tried, in order, with its loss on the validation rows; a start in closed form comes first, as 0. */
  readonly path: readonly { readonly strength: number; readonly loss: number; readonly weights: Float64Array }[];
  readonly plan: LinearPlan;
  readonly notes: readonly string[];
}

/** What the clock decided. JSON. */
export type LinearPlan = {
  /** Whether the path had few penalties only. */
  readonly short: boolean;
  /** Iterations at each penalty tried, in order. */
  readonly steps: readonly number[];
  /** Whether time was over after the last one. */
  readonly cut: boolean;
};

const strengths = [0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];
/** Steps per penalty and the gain below which they end; weights of thousands of terms are best left early. */
const plainSteps = { most: 50, tolerance: 1e-5 };
const textSteps = { most: 10, tolerance: 1e-3 };
/** Where time is short the path has these only. */
const fewStrengths = [0.03, 3e-3, 3e-4];
/** What begins as a model already would be forgotten under stronger ones than this. */
const STRONGEST_AFTER_START = 0.01;
/** Cells of the training matrix; more rows than fit are sampled. */
const MAX_CELLS = 4e7;

export const outputsOf = (problem: Problem, classes: number): number => (problem === 'multiclass' ? classes : 1);

/** First weight row of each categorical column. */
export function codeOffsets(cardinalities: readonly number[]): Int32Array {
  let sum = 0;
  return Int32Array.from(cardinalities, (count) => {
    sum += count;
    return sum - count;
  });
}

/** Fits on `trainRows`, choosing the strength by the loss on `validRows`. */
export async function fitLinear(
  options: LinearOptions,
  features: Features,
  ramps: Ramps,
  target: Target,
  trainRows: Int32Array,
  validRows: Int32Array,
  context: FitContext,
): Promise<LinearFit> {
  const recorded = context.plan as LinearPlan | undefined;
  const budget = context.secondsLeft();
  const pulse = new Pulse(context);
  const notes: string[] = [];
  const width = (options.spline ? ramps.column.length : ramps.columns) + ramps.flagged.length;
  let rows = trainRows;
  const most = Math.max(2000, Math.floor(MAX_CELLS / Math.max(width, 1)));
  if (rows.length > most) {
    rows = new Random(context.seed).shuffle(rows.slice()).subarray(0, most).sort();
    notes.push(`trained on ${most} sampled rows of ${trainRows.length}`);
  }
  const matrix = designMatrix(features, ramps, rows, options.spline);
  const standard = standardise(matrix);
  await pulse.tick();
  const validMatrix = designMatrix(features, ramps, validRows, options.spline);
  standardise(validMatrix, standard);
  const level = target.problem === 'regression' ? (quantileOf(context.metric) ?? undefined) : undefined;
  const train = { ...dataOf(features, target, rows, matrix), level };
  const valid = { ...dataOf(features, target, validRows, validMatrix), level };
  const objective = objectiveOf(train);
  const start = discriminantStart(train);
  const w = start ?? new Float64Array(weightCount(train));
  let best: LinearFit['path'][number] = { loss: Number.POSITIVE_INFINITY, weights: w.slice(), strength: 0 };
  const tried: LinearFit['path'][number][] = [];
  if (start) {
    tried.push({ strength: 0, loss: lossAndResiduals(valid, margins(valid, w)), weights: w.slice() });
    best = tried[0]!;
    await pulse.tick();
  }
  let worse = 0;
  const over = (done: number) =>
    recorded ? recorded.cut && done === recorded.steps.length : context.secondsLeft() < 0.3 * budget;
  let cut = start !== null && over(0);
  if (cut) notes.push('stopped by the time limit before any gradient');
  const short = recorded?.short ?? (!cut && isDear(objective, w, budget, context));
  const effort = train.texts.length > 0 ? textSteps : plainSteps;
  const all = short ? fewStrengths : strengths;
  const path = start ? all.filter((strength) => strength <= STRONGEST_AFTER_START) : all;
  const steps: number[] = [];
  for (const [done, strength] of (cut ? [] : path).entries()) {
    const most = recorded?.steps[done];
    let made = 0;
    const penalty = { l1: options.mix * strength, l2: (1 - options.mix) * strength };
    await minimise(objective, penalty, w, effort.most, effort.tolerance, async () => {
      await pulse.tick();
      made++;
      return recorded ? made !== most : !(context.secondsLeft() < 0.15 * budget);
    });
    steps.push(made);
    const loss = lossAndResiduals(valid, margins(valid, w));
    context.onProgress?.({ unit: 'penalty', done: done + 1, total: path.length, loss });
    tried.push({ strength, loss, weights: w.slice() });
    if (loss < best.loss) {
      best = tried.at(-1)!;
      worse = 0;
    } else if (++worse === 2) break;
    cut = over(done + 1);
    if (cut) {
      notes.push(`stopped by the time limit at penalty ${strength}`);
      break;
    }
  }
  const { weights, strength } = best;
  return { weights, standard, outputs: train.outputs, strength, path: tried, plan: { short, steps, cut }, notes };
}

/** One gradient tells whether the time allows the whole path: about 25 of them per strength. */
function isDear(
  objective: Objective,
  w: Float64Array,
  budget: number,
  { secondsLeft }: Pick<FitContext, 'secondsLeft'>,
): boolean {
  const before = secondsLeft();
  objective.evaluate(w, new Float64Array(w.length));
  return Number.isFinite(budget) && (before - secondsLeft()) * 25 * strengths.length > 0.6 * budget;
}

function dataOf(features: Features, target: Target, rows: Int32Array, matrix: DesignMatrix): LinearData {
  const { cardinalities } = features;
  const offsets = codeOffsets(cardinalities);
  const n = rows.length;
  const codes = new Int32Array(cardinalities.length * n);
  cardinalities.forEach((_, g) => {
    for (let i = 0; i < n; i++) codes[g * n + i] = features.codes[g * features.rows + rows[i]!]! + offsets[g]!;
  });
  const take = (values: Float32Array) => Float32Array.from(rows, (row) => values[row]!);
  return {
    matrix,
    codes,
    codeColumns: cardinalities.length,
    codeRows: cardinalities.reduce((sum, count) => sum + count, 0),
    problem: target.problem,
    texts: (features.texts ?? []).map((feature) => ({ feature, rows })),
    outputs: outputsOf(target.problem, target.classes),
    targets: take(target.values),
    weights: target.weights ? take(target.weights) : undefined,
  };
}
