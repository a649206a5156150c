/**
 * Predicts the loss of designs with boosted trees (after GBDT-NAS, Luo et al. 2020, arXiv 2007.04785): slower than the
 * Gaussian process on few designs, better from a few hundred on. Several ensembles, each on its own sample of rows,
 * disagree where they have seen little.
 */
import { boost } from '../trees/boost.ts';
import { predictTrees, type TreeEnsemble } from '../trees/ensemble.ts';
import { unpaced } from '../trees/pace.ts';
import { binLike, binTable } from '../trees/table.ts';
import { bankMean, type DesignRows } from './design-kernel.ts';
import { type Encoding, INACTIVE } from './encoding.ts';
import { normalScores } from './normal-scores.ts';

export interface TreePredictor {
  readonly ensembles: readonly TreeEnsemble[];
  /** Mean and deviation over ensembles of the normal score of the loss, for each row. */
  predict(rows: DesignRows): { readonly mean: Float64Array; readonly deviation: Float64Array };
  /** The columns that `rows` are predicted from, for explanations. */
  columns(rows: DesignRows): Float32Array[];
}

export interface TreePredictorOptions {
  readonly seed: number;
  readonly ensembles?: number;
}

const BINS = 64;
const MOST_ROUNDS = 240;
const FOLDS = 4;

/** Fits on evaluated designs. Throws a RangeError when there are fewer than two. */
export async function fitDesignTrees(
  encoding: Encoding,
  known: DesignRows,
  losses: readonly number[],
  { seed, ensembles = 6 }: TreePredictorOptions,
): Promise<TreePredictor> {
  if (known.count < 2) throw new RangeError('A model of designs needs two evaluations at least.');
  const columns = (rows: DesignRows) => indicatorColumns(encoding, rows);
  const targets = Float32Array.from(normalScores(losses));
  const inputs = columns(known);
  const table = binTable(inputs, BINS);
  const rounds = await roundsFor(inputs, targets, seed);
  const fitted: TreeEnsemble[] = [];
  for (let e = 0; e < ensembles; e++) {
    const { ensemble } = await boost(
      table,
      { targets },
      undefined,
      optionsFor(known.count, rounds, 31 * seed + e),
      unpaced,
    );
    fitted.push(ensemble);
  }
  return {
    ensembles: fitted,
    columns,
    predict(rows) {
      const inputs = columns(rows);
      const each = fitted.map((ensemble) => predictTrees(ensemble, inputs, rows.count));
      const mean = Float64Array.from(
        { length: rows.count },
        (_, i) => each.reduce((sum, s) => sum + s[i]!, 0) / each.length,
      );
      const deviation = mean.map((m, i) => Math.sqrt(each.reduce((sum, s) => sum + (s[i]! - m) ** 2, 0) / each.length));
      return { mean, deviation };
    },
  };
}

/** How many rounds cost least in cross-validation: few where measurements are noisy. */
async function roundsFor(inputs: readonly Float32Array[], targets: Float32Array, seed: number): Promise<number> {
  const losses = new Float64Array(MOST_ROUNDS);
  let grown = MOST_ROUNDS;
  for (let fold = 0; fold < FOLDS; fold++) {
    const part = (held: boolean) => (values: Float32Array) => values.filter((_, i) => (i % FOLDS === fold) === held);
    const table = binTable(inputs.map(part(false)), BINS);
    const heldOut = {
      table: binLike(table.features, inputs.map(part(true))),
      data: { targets: part(true)(targets) },
    };
    const options = optionsFor(table.rows, MOST_ROUNDS, seed);
    const { curve } = await boost(table, { targets: part(false)(targets) }, heldOut, options, unpaced);
    grown = Math.min(grown, curve.length);
    curve.forEach((loss, round) => {
      losses[round]! += loss;
    });
  }
  const sums = losses.subarray(0, grown);
  return grown > 0 ? 1 + sums.indexOf(sums.reduce((least, loss) => Math.min(least, loss))) : MOST_ROUNDS;
}

/**
 * Few small trees on few designs, larger ones on many, whose thresholds are drawn (extremely randomised trees; Geurts,
 * Ernst and Wehenkel 2006): ensembles that differ more are worth more together.
 */
function optionsFor(count: number, rounds: number, seed: number) {
  const few = count < 300;
  return {
    loss: 'squared',
    classes: 1,
    growth: 'leafwise',
    rounds,
    learningRate: few ? 0.05 : 0.1,
    leaves: few ? 8 : 31,
    depth: 0,
    extraTrees: !few,
    sharedTrees: false,
    featureFraction: few ? 0.5 : 1,
    bagging: 0.8,
    minRows: few ? 3 : 5,
    minHessian: 1e-3,
    l1: 0,
    l2: few ? 3 : 1,
    randomStrength: 0,
    leafSteps: 1,
    seed,
  } as const;
}

/**
 * 0 or 1 for each option of each decision, levels as they are for ordered ones, how often each option was taken in
 * decisions with the same options, and bank scores with their mean.
 */
function indicatorColumns({ columns }: Encoding, rows: DesignRows): Float32Array[] {
  const width = columns.length;
  const code = (i: number, d: number) => rows.codes[i * width + d]!;
  const column = (value: (i: number) => number) => Float32Array.from({ length: rows.count }, (_, i) => value(i));
  const made = columns.flatMap(({ values, ordered }, d) =>
    ordered
      ? [column((i) => (code(i, d) === INACTIVE ? Number.NaN : code(i, d)))]
      : values.map((_, l) => column((i) => (code(i, d) === l ? 1 : 0))),
  );
  const alike = Map.groupBy(columns.keys(), (d) => JSON.stringify(columns[d]!.values));
  for (const group of alike.values()) {
    if (group.length < 2) continue;
    for (let l = 0; l < columns[group[0]!]!.values.length; l++)
      made.push(column((i) => group.reduce((sum, d) => sum + (code(i, d) === l ? 1 : 0), 0)));
  }
  for (let t = 0; t < rows.tasks; t++) made.push(column((i) => rows.bank[i * rows.tasks + t]!));
  if (rows.tasks > 0) made.push(column((i) => bankMean(rows, i)));
  return made;
}
