/** Everything that looks wrong in the training rows of a task, by its out-of-fold predictions and its features. */
import { fitSpread } from '../conformal/spread.ts';
import { takePredictions } from '../ensemble/take-predictions.ts';
import { evaluatePiecewise } from '../math/piecewise.ts';
import type { Prepared } from '../tasks/prepared-task.ts';
import { type LabelSuspect, rankLabels } from './labels.ts';
import { findTwins, type Twin } from './near-duplicates.ts';
import { findOutliers, type Outlier } from './outliers.ts';
import { rankValues, type ValueSuspect } from './residuals.ts';

/** Rows are those of the prepared task. Most suspicious first in each list. */
export interface Faults {
  /** Rows whose class the model finds less plausible than another; empty for numbers. */
  readonly labels: readonly LabelSuspect[];
  /** Rows whose number is far from what others like it have; empty for classes. */
  readonly values: readonly ValueSuspect[];
  readonly twins: readonly Twin[];
  readonly outliers: readonly Outlier[];
  /** How many labels are wrong by confident learning; null for numbers. */
  readonly estimated: number | null;
}

export type FaultsInput = Pick<Prepared, 'features' | 'target' | 'targetValues'>;

/** Two numbers contradict each other from so many deviations on. */
const CONTRADICTION = 1;

/**
 * @param rows that have an out-of-fold prediction, ascending
 * @param predictions of all rows, row-major: probabilities, or standardised numbers
 */
export function findFaults(
  { features, target, targetValues }: FaultsInput,
  rows: Int32Array,
  predictions: Float32Array,
  seed: number,
): Faults {
  const outliers = findOutliers(features);
  if (target.problem === 'regression') {
    const apart = CONTRADICTION * target.deviation;
    const differ = (a: number, b: number) => Math.abs(targetValues[a]! - targetValues[b]!) > apart;
    const standardised = takePredictions(predictions, rows, 1);
    const targets = Float64Array.from(rows, (row) => targetValues[row]!);
    const values = Float64Array.from(standardised, (z) => z * target.deviation + target.mean);
    const spread = fitSpread(
      standardised,
      targets.map((y, i) => (y - values[i]!) / target.deviation),
    );
    const sizes = Float64Array.from(standardised, (z) => evaluatePiecewise(spread, z));
    const suspects = rankValues(targets, values, sizes).map((suspect) => ({ ...suspect, row: rows[suspect.row]! }));
    return {
      labels: [],
      values: suspects,
      twins: findTwins(features, differ, seed),
      outliers,
      estimated: null,
    };
  }
  const classes = target.classes.length;
  const differ = (a: number, b: number) => targetValues[a] !== targetValues[b];
  const shares = takePredictions(predictions, rows, classes);
  const targets = Float64Array.from(rows, (row) => targetValues[row]!);
  const ranked = rankLabels(targets, shares, classes);
  return {
    labels: ranked
      .filter(({ givenShare, suggestedShare }) => suggestedShare > givenShare)
      .map((suspect) => ({ ...suspect, row: rows[suspect.row]! })),
    values: [],
    twins: findTwins(features, differ, seed),
    outliers,
    estimated: ranked.filter(({ confident }) => confident).length,
  };
}
