/** The browser check: golden rows through this browser's runtime, raw outputs and timings out. It judges nothing. */
import { type RawOutputs, rawOutputs } from '#core/serve/agreement.ts';
import type { Predictions } from '#core/serve/predictions.ts';
import { type Latency, measureLatency } from './measure.ts';
import { type Predictor, type RawRow, readerOf } from './predictor.ts';

const BATCH = 128;

export interface CheckRun {
  readonly outputs: RawOutputs;
  readonly oneRow: Latency;
  readonly batch128: Latency;
}

const carried = (value: number | null) => (Number.isFinite(value) ? value : null);

/** Outputs of one batch after another; what JSON cannot carry (NaN, infinite) becomes null. */
function collector() {
  const labels: string[] = [];
  const probabilities: (number | null)[][] = [];
  const numbers = { values: [] as (number | null)[], lower: [] as (number | null)[], upper: [] as (number | null)[] };
  return {
    add(predictions: Predictions) {
      const raw = rawOutputs(predictions);
      labels.push(...(raw.labels ?? []));
      probabilities.push(...(raw.probabilities ?? []).map((row) => row.map(carried)));
      for (const name of ['values', 'lower', 'upper'] as const) numbers[name].push(...(raw[name] ?? []).map(carried));
    },
    outputs: (): RawOutputs => {
      const { values, ...bounds } = numbers;
      if (values.length === 0) return { labels, probabilities };
      return bounds.lower.length > 0 ? { values, ...bounds } : { values };
    },
  };
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
  const collected = collector();
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    const { predictions } = await predictor.predict(batch.length, readerOf(batch));
    collected.add(predictions);
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
  return { outputs: collected.outputs(), oneRow, batch128 };
}
