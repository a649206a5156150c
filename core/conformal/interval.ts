/**
 * Intervals around predicted numbers by conformal prediction: out-of-fold residuals, divided by a spread that may depend
 * on the predicted value and on the row, and their quantiles (split conformal with normalised scores, Papadopoulos and
 * others 2002; out-of-fold scores as in CV+, Barber and others 2021).
 */
import type { Features, FitContext } from '../contracts/learner.ts';
import type { IntervalMethod } from '../contracts/result.ts';
import { constantPiecewise, evaluatePiecewise, type Piecewise } from '../math/piecewise.ts';
import { Random } from '../math/random.ts';
import type { FoldPlan } from '../tasks/folds.ts';
import { inUnits, type NumberTarget } from '../tasks/target.ts';
import { type Difficulty, fitDifficulty } from './difficulty.ts';
import { conformalQuantile } from './quantile.ts';
import { fitSpread } from './spread.ts';

export interface IntervalPlan {
  /** Share of new rows whose target the interval should hold. */
  readonly level: number;
  readonly method: IntervalMethod;
  /** Usual size of residuals by predicted value, both standardised. */
  readonly spread: Piecewise;
  /** Factor on the spread, by features; null unless the method is `by_row`. */
  readonly difficulty: Difficulty | null;
  /** Ends of the interval in spreads from the predicted value: at most 0, and at least 0. */
  readonly below: number;
  readonly above: number;
}

export interface IntervalInput {
  readonly features: Features;
  readonly target: NumberTarget;
  readonly folds: FoldPlan;
  /** Rows with an out-of-fold prediction, ascending. */
  readonly rows: Int32Array;
  /** Their targets, in the user's units. */
  readonly targets: Float64Array;
  /** Their out-of-fold predictions, standardised. */
  readonly predictions: Float32Array;
  readonly level: number;
  /** Most cells (rows by columns) that the trees of `by_row` may look at; 0 for none. */
  readonly cells: number;
  readonly context: Pick<FitContext, 'runtime' | 'seed' | 'cancelled' | 'breathe'>;
}

/** Below, the quantile is the largest residual or there is none. */
const LEAST_ROWS = 20;
/** Rows from which each end gets a quantile of its own; below, both ends share one. */
const ROWS_FOR_TWO_ENDS = 100;
/** Rows from which trees can tell hard rows from easy ones. */
const ROWS_FOR_DIFFICULTY = 300;
const MOST_DIFFICULTY_ROWS = 30_000;
/** A method that looks at more must make the mean interval score so much smaller. */
const WORTH = 0.99;

/** The residual of a predicted value within the target's range, in deviations. */
function residualsOf({ target, targets, predictions }: IntervalInput): Float64Array {
  const values = inUnits(target, predictions);
  return Float64Array.from(targets, (y, i) => (y - values[i]!) / target.deviation);
}

/**
 * Chooses what the width depends on by the interval score on rows that had no say in it, and fits it on all rows.
 * @returns null where there are too few rows for the level
 */
export async function fitInterval(input: IntervalInput): Promise<IntervalPlan | null> {
  const { rows, predictions, level } = input;
  if (rows.length < LEAST_ROWS) return null;
  const residuals = residualsOf(input);
  const spread = fitSpread(predictions, residuals);
  const usual = Float64Array.from(predictions, (z) => evaluatePiecewise(spread, z));
  const even = constantPiecewise(1);
  const options: { method: IntervalMethod; spread: Piecewise; sizes: Float64Array; difficulty: Difficulty | null }[] = [
    { method: 'even', spread: even, sizes: new Float64Array(rows.length).fill(1), difficulty: null },
    { method: 'by_value', spread, sizes: usual, difficulty: null },
  ];
  let inside = Int32Array.from(rows.keys());
  const columns = Math.max(1, input.features.numericNames.length + input.features.categoricalNames.length);
  const affordable = Math.min(MOST_DIFFICULTY_ROWS, Math.floor(input.cells / columns));
  if (Math.min(affordable, rows.length) >= ROWS_FOR_DIFFICULTY) {
    if (affordable < rows.length)
      inside = new Random(input.context.seed).shuffle(inside).subarray(0, affordable).sort();
    const relative = Float64Array.from(inside, (i) => residuals[i]! / usual[i]!);
    const chosen = inside.map((i) => rows[i]!);
    const { difficulty, factors } = await fitDifficulty(input.features, chosen, relative, input.folds, input.context);
    const sizes = usual.slice();
    inside.forEach((i, k) => {
      sizes[i]! *= factors[k]!;
    });
    options.push({ method: 'by_row', spread, sizes, difficulty });
  }
  const take = (of: Float64Array) => Float64Array.from(inside, (i) => of[i]!);
  const seen = take(residuals);
  let best = options[0]!;
  let least = Number.POSITIVE_INFINITY;
  for (const option of options) {
    const score = intervalScore(seen, take(option.sizes), level, input.context.seed);
    if (score < WORTH * least) {
      best = option;
      least = score;
    }
  }
  // Only the rows of `inside` have a size by trees that have not seen them.
  const used = best.method === 'by_row' ? inside : Int32Array.from(rows.keys());
  const ratios = Float64Array.from(used, (i) => residuals[i]! / best.sizes[i]!);
  const ends = endsOf(ratios, level);
  if (!ends) return null;
  return { level, method: best.method, spread: best.spread, difficulty: best.difficulty, ...ends };
}

/** Ends that hold `level` of new ratios; null where there are too few. */
function endsOf(ratios: Float64Array, level: number): { below: number; above: number } | null {
  const ends =
    ratios.length >= ROWS_FOR_TWO_ENDS
      ? {
          below: Math.min(
            0,
            -conformalQuantile(
              ratios.map((e) => -e),
              (1 + level) / 2,
            ),
          ),
          above: Math.max(0, conformalQuantile(ratios, (1 + level) / 2)),
        }
      : both(conformalQuantile(ratios.map(Math.abs), level));
  return Number.isFinite(ends.below) && Number.isFinite(ends.above) ? ends : null;
}

const both = (end: number) => ({ below: -end, above: end });

/**
 * Mean interval score (Winkler 1972; Gneiting and Raftery 2007), smaller is better: width, and 2 / (1 - level) times
 * the distance of targets outside. Each half of the rows under the ends of the other.
 */
function intervalScore(residuals: Float64Array, sizes: Float64Array, level: number, seed: number): number {
  const order = new Random(seed + 1).shuffle(Int32Array.from(residuals.keys()));
  let total = 0;
  for (const half of [0, 1]) {
    const ratios = Float64Array.from(
      order.filter((_, i) => i % 2 !== half),
      (i) => residuals[i]! / sizes[i]!,
    );
    const ends = endsOf(ratios, level);
    if (!ends) return Number.POSITIVE_INFINITY;
    order.forEach((i, k) => {
      if (k % 2 !== half) return;
      const [lower, upper] = [ends.below * sizes[i]!, ends.above * sizes[i]!];
      const outside = Math.max(lower - residuals[i]!, residuals[i]! - upper, 0);
      total += upper - lower + (2 / (1 - level)) * outside;
    });
  }
  return total / residuals.length;
}

export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The bounds of rows, in the user's units and within the target's range.
 * @param predictions standardised
 * @param factors of `predictDifficulty` or `fitDifficulty`, where the plan is `by_row`
 */
export function boundsOf(
  plan: IntervalPlan,
  target: NumberTarget,
  predictions: Float32Array,
  factors: Float64Array | null,
): Bounds {
  const lower = new Float64Array(predictions.length);
  const upper = new Float64Array(predictions.length);
  const values = inUnits(target, predictions);
  const clip = (y: number) => Math.min(Math.max(y, target.low), target.high);
  predictions.forEach((z, i) => {
    const size = evaluatePiecewise(plan.spread, z) * (factors?.[i] ?? 1) * target.deviation;
    lower[i] = clip(values[i]! + plan.below * size);
    upper[i] = clip(values[i]! + plan.above * size);
  });
  return { lower, upper };
}
