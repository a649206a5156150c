/** The slices of a task: its columns cut into parts, its out-of-fold errors, and where these are worse than elsewhere. */
import type { ErrorMeasure, SliceReport } from '../contracts/insights.ts';
import type { MetricName } from '../contracts/task.ts';
import { takePredictions } from '../ensemble/take-predictions.ts';
import { Random } from '../math/random.ts';
import { decideLabels } from '../metrics/labels.ts';
import { rowErrors } from '../metrics/regression.ts';
import type { DatePart } from '../prep/plan.ts';
import { shortFloat } from '../serve/predictions.ts';
import type { Prepared } from '../tasks/prepared-task.ts';
import { inUnits } from '../tasks/target.ts';
import { type Cut, cutCategories, cutNumbers } from './cuts.ts';
import { findSlices } from './find.ts';

export type SliceTask = Pick<Prepared, 'preparation' | 'features' | 'target' | 'targetValues'>;

/** More rows tell no more, and each costs what its columns cost. */
const MOST_ROWS = 50_000;

/**
 * @param rows that have an out-of-fold prediction, ascending
 * @param predictions of all rows, row-major: probabilities, or standardised numbers
 * @param decision factors on the probabilities before the label is the largest one
 */
export function sliceTask(
  task: SliceTask,
  rows: Int32Array,
  predictions: Float32Array,
  options: { metric: MetricName; decision: readonly number[] | null; seed: number },
): SliceReport {
  const taken =
    rows.length > MOST_ROWS ? new Random(options.seed).shuffle(rows.slice()).subarray(0, MOST_ROWS).sort() : rows;
  const { measure, errors } = errorsOf(task, taken, predictions, options);
  const { slices, tested } = findSlices({ errors, binary: measure === 'wrong', cuts: cutTask(task, taken) });
  const error = errors.reduce((sum, one) => sum + one, 0) / errors.length;
  return { measure, rows: taken.length, error, tested, slices };
}

/** Errors that people can picture; where the metric is one of proportions, errors are too. */
function errorsOf(
  { target, targetValues }: SliceTask,
  rows: Int32Array,
  predictions: Float32Array,
  { metric, decision }: { metric: MetricName; decision: readonly number[] | null },
): { measure: ErrorMeasure; errors: Float64Array } {
  const targets = Float64Array.from(rows, (row) => targetValues[row]!);
  if (target.problem !== 'regression') {
    const classes = target.classes.length;
    const labels = decideLabels(takePredictions(predictions, rows, classes), classes, decision ?? undefined);
    return { measure: 'wrong', errors: targets.map((y, i) => (labels[i] === y ? 0 : 1)) };
  }
  const values = inUnits(target, takePredictions(predictions, rows, 1));
  const proportional = metric === 'rmsle' || metric === 'smape';
  const errorAt = rowErrors(proportional ? 'smape' : 'mae', targets);
  const scale = proportional ? 0.01 : 1;
  return {
    measure: proportional ? 'percent' : 'absolute',
    errors: Float64Array.from(values, (value, i) => scale * errorAt(i, value)),
  };
}

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
/** Parts of dates that slices go by, with their values in words. */
const dateWords: Readonly<Partial<Record<DatePart, (value: number) => string>>> = {
  year: String,
  month: (value) => months[value - 1] ?? String(value),
  weekday: (value) => weekdays[value] ?? String(value),
  hour: String,
};

/** The columns of a task's features, in the order of `featureShape`, as people know them. */
function cutTask({ preparation, features }: SliceTask, rows: Int32Array): Cut[] {
  let [numeric, codes] = [0, 0];
  const numbers = (offset = 0) => {
    const from = numeric++ * features.rows;
    return Float64Array.from(rows, (row) => features.numeric[from + row]! + offset);
  };
  const categories = () => {
    const from = codes++ * features.rows;
    return Int32Array.from(rows, (row) => features.codes[from + row]!);
  };
  return preparation.columns.flatMap((plan): Cut[] => {
    if (plan.kind === 'number') {
      // The same numbers as categories would only be cut once more.
      if (plan.coded) codes++;
      // Float32 has digits that nobody wrote; what is offset are whole numbers.
      return [cutNumbers(plan.name, numbers(plan.offset), plan.offset === 0 ? shortFloat : String)];
    }
    if (plan.kind === 'date')
      return plan.parts.flatMap((part) => {
        const values = numbers();
        const say = dateWords[part];
        return say ? [cutNumbers(`${plan.name} ${part}`, values, say)] : [];
      });
    if (plan.kind === 'unused') return [];
    const cuts = plan.categories ? [cutCategories(plan.name, categories(), plan.categories)] : [];
    const words = plan.wordNames ? ['words', ...plan.wordNames.map((word) => `“${word}”`)] : [];
    return [...cuts, ...words.map((word) => cutNumbers(`${plan.name} ${word}`, numbers()))];
  });
}
