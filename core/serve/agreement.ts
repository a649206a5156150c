/**
 * Whether one runtime's outputs on the golden rows agree with what the trainer expects (CONTRACTS.md, Parity):
 * at most 1e-4 apart on probabilities and on regression values scaled by their spread; a changed label counts only
 * where the two top probabilities are more than 2e-4 apart.
 */
import type { GoldenRow, Verification } from '../contracts/result.ts';
import type { Predictions } from './predictions.ts';

export const parityTolerance = 1e-4;
export const flipMargin = 2e-4;

/** Outputs of all golden rows in order, as a page posts them; a number that JSON cannot carry is null. */
export interface RawOutputs {
  readonly labels?: readonly string[] | undefined;
  readonly probabilities?: readonly (readonly (number | null)[])[] | undefined;
  readonly values?: readonly (number | null)[] | undefined;
  /** Bounds of the values, where the model gives intervals. */
  readonly lower?: readonly (number | null)[] | undefined;
  readonly upper?: readonly (number | null)[] | undefined;
}

export interface Difference {
  readonly row: number;
  readonly output: string;
  readonly expected: string;
  readonly got: string;
}

export interface Agreement extends Omit<Verification, 'runtime'> {
  /** The first differences, worst kinds included; empty when all agree. */
  readonly differences: readonly Difference[];
}

const maxDifferences = 20;

/**
 * What regression differences are measured in: the deviation of the expected values, but never less than 0.25 % of
 * the largest one, because float32 outputs of that size cannot agree any closer; 1 when all are 0.
 */
export function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, values.length);
  const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return Math.max(Math.sqrt(variance), 0.0025 * largest) || 1;
}

function margin(probabilities: readonly number[]): number {
  const sorted = [...probabilities].sort((a, b) => b - a);
  return (sorted[0] ?? 1) - (sorted[1] ?? 0);
}

/**
 * Compares outputs with the golden rows. Missing rows, wrong widths and values that are no numbers differ infinitely
 * (reported as 1e9, which JSON can carry).
 */
export function compareOutputs(
  rows: readonly GoldenRow[],
  outputs: RawOutputs,
  classes: readonly string[] | null,
): Agreement {
  const differences: Difference[] = [];
  let maxAbsDiff = 0;
  let labelFlips = 0;
  const note = (row: number, output: string, expected: unknown, got: unknown) => {
    if (differences.length < maxDifferences)
      differences.push({ row, output, expected: String(expected), got: String(got ?? 'nothing').slice(0, 200) });
  };
  const measure = (row: number, output: string, expected: number, got: number | null | undefined, scale: number) => {
    const difference =
      typeof got === 'number' && Number.isFinite(got) ? Math.min(1e9, Math.abs(got - expected) / scale) : 1e9;
    maxAbsDiff = Math.max(maxAbsDiff, difference);
    if (difference > parityTolerance) note(row, output, expected, got);
  };
  const spread = classes ? 1 : spreadOf(rows.flatMap((row) => (typeof row.value === 'number' ? [row.value] : [])));
  rows.forEach((golden, i) => {
    if (!classes) {
      measure(i, 'value', golden.value ?? Number.NaN, outputs.values?.[i], spread);
      for (const end of ['lower', 'upper'] as const) {
        const bound = golden[end];
        if (typeof bound === 'number') measure(i, end, bound, outputs[end]?.[i], spread);
      }
      return;
    }
    const expected = golden.probabilities ?? [];
    const got = outputs.probabilities?.[i];
    if (got && got.length !== classes.length) note(i, 'probabilities', `${classes.length} numbers`, `${got.length}`);
    classes.forEach((name, j) => {
      measure(
        i,
        `probability of ${name}`,
        expected[j] ?? Number.NaN,
        got?.length === classes.length ? got[j] : null,
        1,
      );
    });
    const label = outputs.labels?.[i];
    if (label !== golden.label && (label === undefined || margin(expected) > flipMargin)) {
      labelFlips += 1;
      note(i, 'label', golden.label, label);
    }
  });
  const surplus = (outputs.labels ?? outputs.values ?? []).length - rows.length;
  if (surplus > 0) note(rows.length, 'rows', rows.length, rows.length + surplus);
  const pass = rows.length > 0 && maxAbsDiff <= parityTolerance && labelFlips === 0 && surplus <= 0;
  return { rows: rows.length, maxAbsDiff, labelFlips, pass, differences };
}

/** The outputs of a run in the shape that is compared. */
export function rawOutputs(predictions: Predictions): RawOutputs {
  if (predictions.kind === 'regression') {
    const { values, lower, upper } = predictions;
    const bounds = lower && upper ? { lower: Array.from(lower), upper: Array.from(upper) } : {};
    return { values: Array.from(values), ...bounds };
  }
  const width = predictions.classes.length;
  const probabilities = predictions.labels.map((_, i) =>
    Array.from(predictions.probabilities.subarray(i * width, (i + 1) * width)),
  );
  return { labels: predictions.labels, probabilities };
}
