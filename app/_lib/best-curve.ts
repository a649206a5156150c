/** The warm-start line: best score so far over time, and how far it is ahead of a predicted cold start. */
import type { Direction } from '#core/contracts/task.ts';
import type { TrialView } from '#core/contracts/views.ts';

export interface CurvePoint {
  /** Seconds of the search's clock. */
  readonly at: number;
  readonly value: number;
  readonly trial: number;
}

/** A prediction with its interval: a share of the way to the best model, or a score. */
export interface QuotePoint {
  readonly seconds: number;
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

export const isBetter = (direction: Direction, a: number, b: number) => (direction === 'maximize' ? a > b : a < b);

/** A finished trial with its score and time. */
export type ScoredTrial = TrialView & { readonly score: number; readonly at: number };

export function isScored(trial: TrialView): trial is ScoredTrial {
  return trial.state === 'done' && trial.role !== 'final' && trial.score !== null && trial.at !== null;
}

/** Steps of the best score so far, one point per improvement, in order of time. */
export function bestCurve(trials: Iterable<TrialView>, direction: Direction): CurvePoint[] {
  const scored = [...trials].filter(isScored).sort((a, b) => a.at - b.at || a.number - b.number);
  const steps: CurvePoint[] = [];
  for (const trial of scored) {
    const last = steps.at(-1);
    if (!last || isBetter(direction, trial.score, last.value)) {
      steps.push({ at: trial.at, value: trial.score, trial: trial.number });
    }
  }
  return steps;
}

/** The predicted value at `seconds`, linear between points and level beyond them; null without points. */
export function quoteAt(points: readonly QuotePoint[], seconds: number): number | null {
  const after = points.findIndex((point) => point.seconds >= seconds);
  const end = points.at(-1);
  if (!end) return null;
  if (after === -1) return end.value;
  const next = points[after]!;
  const before = points[after - 1];
  if (!before) return next.value;
  const share = (seconds - before.seconds) / (next.seconds - before.seconds);
  return before.value + share * (next.value - before.value);
}

/**
 * The score that random designs alone would have reached over time, had they gone as far on this table as on those of
 * the bank: shares of the way from its baseline to its best so far, on its clock, until `endSeconds`.
 * @returns null without a bank, and as long as nothing beats the baseline
 */
export function coldStart(
  shares: readonly QuotePoint[] | null,
  trials: readonly TrialView[],
  direction: Direction,
  endSeconds: number,
): QuotePoint[] | null {
  const scored = trials.filter(isScored);
  const start = scored.find(({ role }) => role === 'baseline')?.score;
  const best = bestCurve(scored, direction).at(-1)?.value;
  const last = shares?.at(-1);
  if (!shares || !last || start === undefined || best === undefined || best === start) return null;
  // The bank counts seconds of training; several trials train at a time.
  const trained = scored.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  const atOnce = Math.max(1, trained / Math.max(...scored.map(({ at }) => at), 1e-9));
  const scoreOf = (share: number) => start + share * (best - start);
  return [...shares, { ...last, seconds: Math.max(last.seconds, endSeconds * atOnce) }].map((point) => {
    const ends = [scoreOf(point.low), scoreOf(point.high)];
    const seconds = point.seconds / atOnce;
    return { seconds, low: Math.min(...ends), value: scoreOf(point.value), high: Math.max(...ends) };
  });
}

/** Lead over the cold start in the metric's units, positive when ahead; null when either is unknown. */
export function leadOverColdStart(
  best: number | null,
  points: readonly QuotePoint[] | null,
  seconds: number,
  direction: Direction,
): number | null {
  const cold = points ? quoteAt(points, seconds) : null;
  if (best === null || cold === null) return null;
  return direction === 'maximize' ? best - cold : cold - best;
}
