/** Trains one fold of an MLP. */
import type { Features, FitContext, FoldFit, Target } from '../../contracts/learner.ts';
import type { Runtime, Tensor } from '../../contracts/runtime.ts';
import { bindNetwork, type Network } from '../../ir/network.ts';
import { Random } from '../../math/random.ts';
import { programEngine } from '../../train/engine.ts';
import { Evaluator } from '../../train/evaluator.ts';
import { type Layout, layoutOf } from '../../train/layout.ts';
import { BatchOrder } from '../../train/order.ts';
import type { DataKind } from '../../train/program.ts';
import { initialState, type TrainingState } from '../../train/state.ts';
import { batchRows, type FlatDesign, type MlpDesign, peakRate, readMlpDesign } from './design.ts';
import { EMBEDDING, mlpNetwork } from './network.ts';
import type { MlpPreparation } from './preparation.ts';
import { prepared } from './prepared.ts';
import { trainRun } from './run.ts';
import { startOnData } from './start.ts';
import { foldModel, shapeOf } from './state.ts';
import { Validation } from './validation.ts';

const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };
/** Metrics that count labels: label smoothing helps them and harms the others. */
const COUNTS_LABELS = new Set(['accuracy', 'balanced_accuracy', 'f1', 'f1_macro', 'f1_weighted', 'mcc']);
/** Training rows that the data-dependent start looks at. */
const START_ROWS = 512;

/** See `Learner.fit`. */
export async function fitMlp(
  flat: FlatDesign,
  features: Features,
  target: Target,
  trainRows: Int32Array,
  validRows: Int32Array,
  context: FitContext,
): Promise<FoldFit> {
  const design = readMlpDesign(flat);
  const { runtime, seed, engine = programEngine(runtime) } = context;
  if (trainRows.length === 0) throw new RangeError('A fold without training rows cannot be fitted.');
  // Centres and scales do not look at the target, so the validation rows may count: all folds of a bag then share one
  // preparation, and the exported file holds it once.
  const rows = union(trainRows, validRows);
  const piecewise = design.numericEmbedding === 'ple';
  const { preparation, matrix } = await prepared(runtime, features, rows, piecewise, context.breathe);
  const network = mlpNetwork(design, shapeOf(preparation, target), 'K', {
    problem: target.problem,
    smoothing: COUNTS_LABELS.has(context.metric) ? design.labelSmoothing : 0,
    weighted: target.weights !== undefined,
  });
  const batch = batchRows(design, trainRows.length);
  const spec = {
    network,
    data: dataKinds(matrix, target),
    members: 1,
    batch,
    beta1: ADAM.beta1,
    beta2: ADAM.beta2,
    decay: design.weightDecay > 0,
    clipNorm: null,
  };
  const layout = layoutOf(bindNetwork(network, { K: 1 }));
  const state = await firstState(runtime, network, layout, preparation, design, matrix, trainRows, seed);
  const trainer = await engine.create(spec, { ...matrix, ...targetTensors(features.rows, target) }, { ...ADAM, seed });
  const evaluator = await Evaluator.create(runtime, network, 1, Object.keys(matrix), ['prediction'], matrix);
  try {
    const { parameters, predictions, epochs, checkpoints, plan, notes } = await trainRun({
      design,
      peakRate: peakRate(design, target.problem),
      trainer,
      order: new BatchOrder([trainRows], [seed + 1], batch),
      validation: new Validation(evaluator, target, validRows, context),
      state,
      context,
    });
    const clamp = target.problem === 'regression' ? rangeOf(target.values, trainRows) : null;
    const modelOf = (at: Float32Array) =>
      foldModel({ design, preparation, outputs: shapeOf(preparation, target).outputs, clamp }, at);
    const model = modelOf(parameters);
    // Each fold keeps its own best epoch, which the mean of folds gains from. Only the predictions that it is judged by
    // come from the epoch that all folds choose together: those of its own best look far better than on new rows.
    const take = (values: Float32Array) => ({
      model,
      validPredictions: clamp ? cut(values, clamp) : values,
      steps: epochs,
    });
    const points = checkpoints.map(({ at, loss, predictions, parameters: then }) => ({
      at,
      loss,
      take: () => ({ ...take(predictions), ...(then ? { judged: modelOf(then) } : {}) }),
    }));
    return { ...take(predictions), plan, notes, ...(points.length > 0 ? { checkpoints: points } : {}) };
  } finally {
    await Promise.all([trainer.dispose(), evaluator.dispose()]);
  }
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

async function firstState(
  runtime: Runtime,
  network: Network,
  layout: Layout,
  preparation: MlpPreparation,
  design: MlpDesign,
  matrix: Readonly<Record<string, Tensor>>,
  trainRows: Int32Array,
  seed: number,
): Promise<TrainingState> {
  const state = initialState(layout, [seed]);
  const table = layout.entries.find((e) => e.name === 'embedding');
  // Codes that training never sees read a row of zeros: nothing is known about them, and no gradient moves it.
  for (const { first } of table ? preparation.embedded : []) {
    const from = table!.offset + first * EMBEDDING;
    state.parameters.fill(0, from, from + EMBEDDING);
  }
  const sample = new Random(seed + 2).shuffle(trainRows.slice()).subarray(0, START_ROWS);
  const outputs = Object.keys(network.outputs).filter((name) => name.endsWith('.pre'));
  const probe = await Evaluator.create(runtime, network, 1, Object.keys(matrix), outputs, matrix);
  try {
    await startOnData(state, layout, design.layers, probe, BigInt64Array.from(sample, BigInt), seed + 3);
  } finally {
    await probe.dispose();
  }
  return state;
}

function union(a: Int32Array, b: Int32Array): Int32Array {
  const all = new Int32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all.sort();
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

const cut = (values: Float32Array, [low, high]: readonly [number, number]): Float32Array =>
  values.map((v) => Math.min(Math.max(v, low), high));
