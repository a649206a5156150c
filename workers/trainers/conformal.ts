/** Intervals or prediction sets of an ensemble, fitted on its out-of-fold predictions and tried on the sealed test. */
import { intervalCoverage, setCoverage, setSizes } from '#core/conformal/coverage.ts';
import { predictDifficulty } from '#core/conformal/difficulty.ts';
import { type Bounds, boundsOf, fitInterval, type IntervalPlan } from '#core/conformal/interval.ts';
import { fitSetThreshold } from '#core/conformal/sets.ts';
import type { FitContext } from '#core/contracts/learner.ts';
import type { ConformalSummary } from '#core/contracts/result.ts';
import type { Runtime } from '#core/contracts/runtime.ts';
import type { Report } from '#core/contracts/views.ts';
import { takePredictions } from '#core/ensemble/take-predictions.ts';
import { type Preparation, prepare } from '#core/prep/preparation.ts';
import type { Table } from '#core/prep/table.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import type { Validation } from './score.ts';
import type { Scored } from './test-score.ts';

/** Share of new rows that intervals and sets are made to hold. */
const level = 0.9;
/** Rows times columns that trees about the difficulty of rows may look at: about a second of one core. */
const mostCells = 1_500_000;
/** Cells per second of the time left, about a twentieth of it: small budgets get intervals by the predicted value alone. */
const cellsPerSecond = 30_000;

export interface Conformal {
  readonly interval: IntervalPlan | null;
  readonly threshold: number | null;
}

/**
 * @param predictions of the ensemble, out of fold, all rows: calibrated probabilities, or standardised numbers
 * @param seconds that are left; 0 for the simplest intervals
 */
export async function fitConformal(
  prepared: Prepared,
  { rows, targets, task }: Validation,
  predictions: Float32Array,
  seconds: number,
  context: Pick<FitContext, 'runtime' | 'seed' | 'cancelled' | 'breathe'>,
): Promise<Conformal> {
  const { target, features, folds } = prepared;
  const taken = takePredictions(predictions, rows, task.classes);
  if (target.problem !== 'regression')
    return { interval: null, threshold: fitSetThreshold(targets, taken, task.classes, level) };
  const cells = Math.min(mostCells, cellsPerSecond * seconds);
  const interval = await fitInterval({
    features,
    target,
    folds,
    rows,
    targets,
    predictions: taken,
    level,
    cells,
    context,
  });
  return { interval, threshold: null };
}

/** What the model says about itself; null where it gives neither intervals nor sets. */
export function describeConformal({ interval, threshold }: Conformal): ConformalSummary | null {
  if (interval) return { level: interval.level, method: interval.method, coverage: null };
  return threshold === null ? null : { level, threshold, coverage: null };
}

/** The trainer's own bounds for raw rows; null where the model gives none. @param predictions standardised */
export async function boundsOfRows(
  preparation: Preparation,
  target: Prepared['target'],
  interval: IntervalPlan | null,
  table: Table,
  predictions: Float32Array,
  runtime: Runtime,
): Promise<Bounds | null> {
  if (!interval || target.problem !== 'regression') return null;
  const { difficulty } = interval;
  const factors = difficulty ? await predictDifficulty(difficulty, prepare(preparation, table), runtime) : null;
  return boundsOf(interval, target, predictions, factors);
}

/** How the promise was kept on the sealed test; undefined where there is none or no test. */
export function testConformal(
  { interval, threshold }: Conformal,
  scored: Scored | null,
): Pick<Report, 'intervals' | 'sets'> & { coverage: ConformalSummary['coverage'] } {
  if (!scored) return { coverage: null };
  const { targets, predictions, bounds, task } = scored;
  if (interval && bounds) {
    const { lower, upper } = bounds;
    const coverage = intervalCoverage(targets, lower, upper);
    const widths = Float64Array.from(lower, (low, i) => (upper[i] as number) - low).sort();
    const at = (q: number) => widths[Math.min(widths.length - 1, Math.floor(q * widths.length))] as number;
    return { coverage, intervals: { level, method: interval.method, coverage, widths: [at(0.1), at(0.5), at(0.9)] } };
  }
  if (threshold === null) return { coverage: null };
  const coverage = setCoverage(targets, predictions, task.classes, threshold);
  const sizes = setSizes(targets, predictions, task.classes, threshold);
  return { coverage, sets: { level, threshold, coverage, ...sizes } };
}
