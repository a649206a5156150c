/** Gradient boosted trees, leaf-wise (LightGBM's way) or oblivious (CatBoost's way), as a learner of the search. */
import { CancelledError, type FitContext, type Learner, type Target } from '../contracts/learner.ts';
import { type BoostPlan, type BoostResult, boost } from '../trees/boost.ts';
import { emitEnsembles } from '../trees/emit.ts';
import { predictTrees, type TreeEnsemble } from '../trees/ensemble.ts';
import type { Pace } from '../trees/pace.ts';
import { lossFor, readBoostingDesign } from './boosting/design.ts';
import { predictionColumns, prepareFold } from './boosting/fold.ts';
import { emitMatrix } from './boosting/matrix.ts';
import { isSoundFold, packTreeFold, unpackTreeFold } from './boosting/model.ts';
import { emitMeanPredictions, scoresToPredictions } from './boosting/output.ts';
import { watchedMetric } from './boosting/watch.ts';

/** Shares the thread with the rest of the process and stops when the trial is cancelled. */
export function paceOf(context: FitContext, unit: 'round' | 'tree'): Pace {
  return {
    secondsLeft: context.secondsLeft,
    grown: (done, total, loss) => context.onProgress?.({ unit, done, total, ...(loss === undefined ? {} : { loss }) }),
    async rest() {
      if (context.cancelled()) throw new CancelledError('The trial was cancelled.');
      await context.breathe();
    },
  };
}

/** Targets and weights of some rows. */
export function targetsOf(target: Target, rows: Int32Array): { targets: Float32Array; weights?: Float32Array } {
  const targets = Float32Array.from(rows, (row) => target.values[row]!);
  const { weights } = target;
  return weights ? { targets, weights: Float32Array.from(rows, (row) => weights[row]!) } : { targets };
}

function remarks(result: BoostResult, limit: number): string[] {
  const notes: string[] = [];
  if (result.learningRate > result.plannedRate)
    notes.push(
      `Rate raised from ${result.plannedRate.toPrecision(3)} to ${result.learningRate.toPrecision(3)} to fit the time.`,
    );
  if (result.stoppedBy === 'time') notes.push(`Stopped by the time limit at ${result.grown} of ${limit} rounds.`);
  else if (result.stoppedBy === 'rounds' && result.rounds > 0.95 * limit)
    notes.push(`Still improving after all ${limit} rounds.`);
  return notes;
}

export { boostingPortfolio } from './boosting/portfolio.ts';

export const boosting: Learner = {
  name: 'boosting',

  async fit(design, features, target, trainRows, validRows, context) {
    const pace = paceOf(context, 'round');
    const plan = context.plan as BoostPlan | undefined;
    const read = readBoostingDesign(design);
    const options = { ...read, ...lossFor(target, read.objective, context.metric), seed: context.seed, plan };
    const zero = options.loss === 'poisson' || options.loss === 'tweedie' ? target.zero : undefined;
    const dataOf = (rows: Int32Array) => {
      const data = targetsOf(target, rows);
      return zero === undefined ? data : { ...data, targets: data.targets.map((z) => Math.max(0, z - zero)) };
    };
    const fold = await prepareFold(features, target, trainRows, validRows, options, pace.rest);
    const result = await boost(
      fold.train,
      dataOf(trainRows),
      {
        table: fold.valid,
        data: dataOf(validRows),
        watch: watchedMetric(context.metric, zero !== undefined),
        checkpoints: context.fewRows,
      },
      options,
      pace,
    );
    const take = (rounds: number, ensemble: TreeEnsemble, heldOutScores: Float64Array) => {
      const facts = { rounds, grown: result.grown, learningRate: result.learningRate };
      return {
        model: packTreeFold({ ...fold, ensemble, ...(zero === undefined ? {} : { zero }) }, facts),
        validPredictions: scoresToPredictions(heldOutScores, target, zero),
        steps: rounds,
      };
    };
    const checkpoints = result.checkpoints.map(({ round, loss, heldOutScores, ensemble }) => ({
      at: round,
      loss,
      take: () => take(round, ensemble(), heldOutScores),
    }));
    return {
      ...take(result.rounds, result.ensemble, result.heldOutScores!),
      plan: { ...result.plan },
      notes: remarks(result, options.rounds),
      ...(checkpoints.length > 0 ? { checkpoints } : {}),
    };
  },

  follows: isSoundFold,

  async predict(model, features, rows, target) {
    const fold = unpackTreeFold(model);
    const inputs = predictionColumns(features, fold, rows);
    return scoresToPredictions(predictTrees(fold.ensemble, inputs, rows.length), target, fold.zero);
  },

  emit(graph, models, input, features, target) {
    const folds = models.map(unpackTreeFold);
    const { matrix, columns } = emitMatrix(graph, folds, input, features, target);
    const ensembles = folds.map((fold) => fold.ensemble);
    const scores = emitEnsembles(graph, ensembles, matrix, columns);
    return emitMeanPredictions(graph, scores, folds.length, target, folds[0]!.zero);
  },
};
