/** The browser check: golden rows through this browser's runtime, raw outputs and timings out. It judges nothing. */
import type { Predictions } from '#core/serve/predictions.ts';
import { type Latency, measureLatency } from './measure.ts';
import { type Predictor, type RawRow, readerOf } from './predictor.ts';

const BATCH = 128;

/** Outputs of all rows in order; a number that JSON cannot carry (NaN, infinite) is null. */
export interface RawOutputs {
  labels?: string[];
  probabilities?: (number | null)[][];
  values?: (number | null)[];
}

export interface CheckRun {
  readonly outputs: RawOutputs;
  readonly oneRow: Latency;
  readonly batch128: Latency;
}

const carried = (value: number) => (Number.isFinite(value) ? value : null);

function append(outputs: RawOutputs, predictions: Predictions): void {
  if (predictions.kind === 'regression') {
    outputs.values ??= [];
    outputs.values.push(...Array.from(predictions.values, carried));
    return;
  }
  const width = predictions.classes.length;
  outputs.labels ??= [];
  outputs.probabilities ??= [];
  for (const [row, label] of predictions.labels.entries()) {
    outputs.labels.push(label);
    outputs.probabilities.push(Array.from(predictions.probabilities.subarray(row * width, (row + 1) * width), carried));
  }
}

/**
 * Runs all golden rows, then times one row and 128 rows.
 * @param progress called with rows done; timing counts as one more row
 */
export async function runCheck(
  predictor: Predictor,
  rows: readonly RawRow[],
  now: () => number,
  progress: (done: number, total: number) => void,
): Promise<CheckRun> {
  const outputs: RawOutputs = {};
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    const { predictions } = await predictor.predict(batch.length, readerOf(batch));
    append(outputs, predictions);
    progress(at + batch.length, rows.length + 1);
  }
  const many = Array.from({ length: BATCH }, (_, i) => rows[i % rows.length] ?? {});
  const oneRow = await measureLatency(() => predictor.predict(1, readerOf(many)), now);
  const batch128 = await measureLatency(() => predictor.predict(BATCH, readerOf(many)), now, {
    warmUp: 2,
    milliseconds: 800,
    maxRuns: 100,
    minRuns: 5,
  });
  progress(rows.length + 1, rows.length + 1);
  return { outputs, oneRow, batch128 };
}
