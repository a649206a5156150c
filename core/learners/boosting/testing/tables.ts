/** Small tables with everything that goes wrong in real ones, and a way to run an exported bag on them. */
import type { Features, FitContext, FoldModel, Learner, Problem, Target } from '../../../contracts/learner.ts';
import type { Runtime } from '../../../contracts/runtime.ts';
import { Random } from '../../../math/random.ts';
import { GraphBuilder } from '../../../onnx/builder.ts';

export interface TestTable {
  readonly features: Features;
  readonly target: Target;
}

/** Numbers that break careless thresholds. */
const EXTREMES = [3.4e38, -3.4e38, Infinity, -Infinity, 0, -0, 1e-45, 16777217, Number.NaN];

/**
 * Four numeric columns (one with missing values, one of few values, one with extremes) and three categorical ones
 * (2, 6 and 40 known categories). The target depends on numbers, a category of each kind, and on what is missing.
 */
export function makeTable(problem: Problem, rows: number, seed: number, classes = 3): TestTable {
  const random = new Random(seed);
  const numeric = new Float32Array(rows * 4);
  const codes = new Int32Array(rows * 3);
  const cardinalities = [4, 8, 42];
  const values = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const x = random.normal();
    const holey = random.uniform() < 0.3 ? Number.NaN : random.normal();
    const few = random.integer(3);
    numeric[row] = x;
    numeric[rows + row] = holey;
    numeric[2 * rows + row] = few;
    numeric[3 * rows + row] = random.uniform() < 0.05 ? EXTREMES[random.integer(9)]! : random.normal();
    cardinalities.forEach((cardinality, j) => {
      codes[j * rows + row] = random.uniform() < 0.04 ? random.integer(2) : 2 + random.integer(cardinality - 2);
    });
    const wide = codes[2 * rows + row]!;
    const score =
      x + (Number.isNaN(holey) ? 0.8 : holey * few) + (codes[rows + row] === 3 ? 1 : 0) + ((wide * 7) % 5) / 2 - 1;
    const noisy = score + 0.5 * random.normal();
    if (problem === 'regression') values[row] = noisy / 2;
    else if (problem === 'binary') values[row] = noisy > 0.6 ? 1 : 0;
    else values[row] = Math.max(0, Math.min(classes - 1, Math.floor(noisy + classes / 2)));
  }
  const count = problem === 'regression' ? 1 : problem === 'binary' ? 2 : classes;
  return {
    features: {
      rows,
      numericNames: ['x', 'holey', 'few', 'wild'],
      numeric,
      categoricalNames: ['two', 'six', 'forty'],
      cardinalities,
      codes,
    },
    target: { problem, classes: count, values },
  };
}

/** Interleaved folds: row i is held out in fold i mod `folds`. */
export function foldRows(rows: number, folds: number, fold: number): { train: Int32Array; valid: Int32Array } {
  const all = Array.from({ length: rows }, (_, i) => i);
  return {
    train: Int32Array.from(all.filter((i) => i % folds !== fold)),
    valid: Int32Array.from(all.filter((i) => i % folds === fold)),
  };
}

export function testContext(runtime: Runtime, more: Partial<FitContext> = {}): FitContext {
  return {
    runtime,
    seed: 1,
    secondsLeft: () => Infinity,
    cancelled: () => false,
    breathe: async () => {},
    metric: 'log_loss',
    ...more,
  };
}

/** A clock that every look at it moves on by `perLook` seconds, so that running out of time does not hang on the machine. */
export function steadyClock(seconds: number, perLook: number): () => number {
  let looks = 0;
  return () => seconds - perLook * looks++;
}

/** Exports a bag and runs it on all rows of `features`. */
export async function runExported(
  runtime: Runtime,
  learner: Learner,
  models: readonly FoldModel[],
  { features, target }: TestTable,
): Promise<Float32Array> {
  const graph = new GraphBuilder();
  const width = features.numericNames.length;
  const input = {
    numeric: graph.input('numeric', 'float32', ['N', width]),
    codes: graph.input('codes', 'int64', ['N', features.categoricalNames.length]),
  };
  graph.output('out', 'float32', ['N', target.classes], learner.emit(graph, models, input, features, target));
  const session = await runtime.createSession(graph.toBytes());
  const n = features.rows;
  const numeric = Float32Array.from(
    { length: n * width },
    (_, i) => features.numeric[(i % width) * n + Math.floor(i / width)]!,
  );
  const groups = features.categoricalNames.length;
  const codes = BigInt64Array.from({ length: n * groups }, (_, i) =>
    BigInt(features.codes[(i % groups) * n + Math.floor(i / groups)]!),
  );
  const { out } = await session.run({
    numeric: { type: 'float32', dims: [n, width], data: numeric },
    codes: { type: 'int64', dims: [n, groups], data: codes },
  });
  await session.dispose();
  return out!.data as Float32Array;
}

/** Mean of the folds' predictions by the learner itself. */
export async function meanPrediction(
  runtime: Runtime,
  learner: Learner,
  models: readonly FoldModel[],
  { features, target }: TestTable,
): Promise<Float32Array> {
  const rows = Int32Array.from({ length: features.rows }, (_, i) => i);
  const mean = new Float32Array(features.rows * target.classes);
  for (const model of models) {
    const one = await learner.predict(model, features, rows, target, runtime);
    for (let i = 0; i < mean.length; i++) mean[i]! += one[i]! / models.length;
  }
  return mean;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    // NaN must not pass for agreement.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
