/** Cells far outside their column: measured from its tails, so that skewed columns are not suspected as a whole. */
import type { Features } from '../contracts/learner.ts';
import { quantile } from '../math/sort.ts';

export interface Outlier {
  /** Row of the features. */
  readonly row: number;
  /** Column of `numericNames` that is furthest outside. */
  readonly column: number;
  readonly value: number;
  /** The column's half a per cent quantiles. */
  readonly usual: readonly [low: number, high: number];
  /** Distance beyond the nearer of both, in distances of it from the median. */
  readonly beyond: number;
}

const TAIL = 0.005;
const LEAST_ROWS = 200;
/** A cell must lie as far beyond the tail as the tail lies from the median. */
const FAR = 1;

/** Rows with such a cell, furthest outside first. Columns of fewer than 200 known values say nothing. */
export function findOutliers(features: Pick<Features, 'rows' | 'numericNames' | 'numeric'>): Outlier[] {
  const { rows, numeric } = features;
  const worst = new Map<number, Outlier>();
  features.numericNames.forEach((_, column) => {
    const values = numeric.subarray(column * rows, (column + 1) * rows);
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    if (known.length < LEAST_ROWS) return;
    const [low, middle, high] = [TAIL, 0.5, 1 - TAIL].map((q) => quantile(known, q)) as [number, number, number];
    for (let row = 0; row < rows; row++) {
      const value = values[row]!;
      const beyond = value > high ? (value - high) / (high - middle) : value < low ? (low - value) / (middle - low) : 0;
      // A column of one value but for a few has no tail to measure by.
      if (!(beyond >= FAR && Number.isFinite(beyond))) continue;
      if (beyond > (worst.get(row)?.beyond ?? 0)) worst.set(row, { row, column, value, usual: [low, high], beyond });
    }
  });
  return [...worst.values()].sort((a, b) => b.beyond - a.beyond || a.row - b.row);
}
