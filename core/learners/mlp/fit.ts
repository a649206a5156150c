/** Trains folds of an MLP, side by side. */
import type { Features, FitContext, FoldFit, Target } from '../../contracts/learner.ts';
import type { Tensor } from '../../contracts/runtime.ts';
import type { Fold } from '../../tasks/folds.ts';
import { programEngine } from '../../train/engine.ts';
import { Evaluator } from '../../train/evaluator.ts';
import { BatchOrder } from '../../train/order.ts';
import type { DataKind } from '../../train/program.ts';
import { batchRows, type FlatDesign, peakRate, readMlpDesign } from './design.ts';
import type { KeptFold } from './kept.ts';
import { membersOf, startMembers } from './members.ts';
import { mlpNetwork } from './network.ts';
import { preparedFor } from './prepared.ts';
import { type RunResult, trainRun } from './run.ts';
import { foldModel, shapeOf } from './state.ts';
import { Validation } from './validation.ts';

const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };
/** Metrics that count labels: label smoothing helps them and harms the others. */
const COUNTS_LABELS = new Set(['accuracy', 'balanced_accuracy', 'f1', 'f1_macro', 'f1_weighted', 'mcc']);

/** See `Learner.fitTogether`. The folds share one preparation, one program and one plan. */
export async function fitMlp(
  flat: FlatDesign,
  features: Features,
  target: Target,
  folds: readonly Fold[],
  contexts: readonly FitContext[],
): Promise<FoldFit[]> {
  const design = readMlpDesign(flat);
  const context = contexts[0]!;
  const { runtime, engine = programEngine(runtime) } = context;
  const smallest = Math.min(...folds.map(({ train }) => train.length));
  if (smallest === 0) throw new RangeError('A fold without training rows cannot be fitted.');
  const { preparation, matrix } = await preparedFor(design, features, folds[0]!, context);
  const network = mlpNetwork(design, shapeOf(preparation, target), 'K', {
    problem: target.problem,
    smoothing: COUNTS_LABELS.has(context.metric) ? design.labelSmoothing : 0,
    weighted: target.weights !== undefined,
  });
  const members = membersOf(design, folds, contexts);
  const batch = batchRows(design, smallest);
  const spec = {
    network,
    data: dataKinds(matrix, target),
    members: members.length,
    batch,
    beta1: ADAM.beta1,
    beta2: ADAM.beta2,
    decay: design.weightDecay > 0,
    clipNorm: null,
    memberwise: true,
  };
  const state = await startMembers(runtime, network, preparation, design, matrix, members);
  const data = { ...matrix, ...targetTensors(features.rows, target) };
  const seeds = members.map(({ seed }) => seed);
  const trainer = await engine.create(spec, data, { ...ADAM, seed: seeds });
  const evaluator = await Evaluator.create(
    runtime,
    network,
    members.length,
    Object.keys(matrix),
    ['prediction'],
    matrix,
    { memberwise: true },
  );
  const ranges = folds.map(({ train }) => (target.problem === 'regression' ? rangeOf(target.values, train) : null));
  try {
    const run = await trainRun({
      design,
      peakRate: peakRate(design, target.problem),
      trainer,
      order: new BatchOrder(
        members.map(({ rows }) => rows),
        seeds.map((seed) => seed + 1),
        batch,
      ),
      validation: new Validation(
        evaluator,
        target,
        folds.map(({ valid }, f) => ({ rows: valid, range: ranges[f]! })),
        design.seeds,
        context,
      ),
      state,
      folds: folds.length,
      context,
    });
    const { outputs } = shapeOf(preparation, target);
    const perEpoch = Math.floor(smallest / batch);
    return run.folds.map((kept, f) => {
      const modelOf = (at: Float32Array) => foldModel({ design, preparation, outputs, clamp: ranges[f]! }, at);
      return foldFit(kept, run, perEpoch, modelOf);
    });
  } finally {
    await Promise.all([trainer.dispose(), evaluator.dispose()]);
  }
}

function foldFit(
  kept: KeptFold,
  run: RunResult,
  perEpoch: number,
  modelOf: (parameters: Float32Array) => FoldFit['model'],
): FoldFit {
  const model = modelOf(kept.parameters);
  // Each fold keeps its own best epoch, which the mean of folds gains from. Only the predictions that it is judged by
  // come from the epoch that all folds choose together: those of its own best look far better than on new rows.
  const take = (validPredictions: Float32Array) => ({
    model,
    validPredictions,
    steps: Math.ceil(kept.step / perEpoch),
  });
  const checkpoints = kept.checkpoints.map(({ at, loss, predictions, parameters }) => ({
    at,
    loss,
    take: () => ({ ...take(predictions), ...(parameters ? { judged: modelOf(parameters) } : {}) }),
  }));
  return {
    ...take(kept.predictions),
    plan: run.plan,
    notes: [...kept.notes, ...run.notes],
    ...(checkpoints.length > 0 ? { checkpoints } : {}),
  };
}

function dataKinds(matrix: Readonly<Record<string, Tensor>>, target: Target): Record<string, DataKind> {
  const kinds: Record<string, DataKind> = { y: target.problem === 'regression' ? 'rows' : 'classes' };
  for (const name of Object.keys(matrix)) kinds[name] = 'rows';
  if (target.weights) kinds.w = 'rows';
  return kinds;
}

function targetTensors(rows: number, target: Target): Record<string, Tensor> {
  const column = (data: Float32Array): Tensor => ({ type: 'float32', dims: [rows, 1], data });
  const y: Tensor =
    target.problem === 'regression'
      ? column(target.values)
      : { type: 'int64', dims: [rows], data: BigInt64Array.from(target.values, BigInt) };
  return target.weights ? { y, w: column(target.weights) } : { y };
}

function rangeOf(values: Float32Array, rows: Int32Array): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    low = Math.min(low, values[row]!);
    high = Math.max(high, values[row]!);
  }
  return [low, high];
}
