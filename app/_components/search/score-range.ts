/** The range of scores worth drawing: one poor early trial must not flatten all others. */
import type { Direction } from '#core/contracts/task.ts';
import { isBetter, type QuotePoint, type ScoredTrial } from '../../_lib/best-curve.ts';

export interface ScoreRange {
  readonly low: number;
  readonly high: number;
  /** Distance of ticks, and the decimals that tell them apart. */
  readonly step: number;
  readonly digits: number;
  /** Trials that lie beyond it. */
  readonly outside: number;
}

/** The decimals that tell the ticks of an axis over `span` apart. */
export function tickDigits(span: number): number {
  return Math.max(0, -Math.floor(Math.log10(roundStep(span || 1)) + 1e-9));
}

/** A round step of about a fifth of `span`: 1, 2 or 5 times a power of ten. */
function roundStep(span: number): number {
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = rough / power;
  return power * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
}

/**
 * From the better three quarters of the trials and the cold start's band, with round ends; null without either.
 * Nothing that lies inside is ever cut off, and the best side is never limited.
 */
export function scoreRange(
  trials: readonly ScoredTrial[],
  cold: readonly QuotePoint[] | null,
  direction: Direction,
): ScoreRange | null {
  const scores = trials.map((trial) => trial.score).sort((a, b) => (isBetter(direction, a, b) ? -1 : 1));
  const kept = scores.slice(0, Math.max(4, Math.ceil(0.75 * scores.length)));
  const band = cold?.flatMap((point) => [point.value, direction === 'maximize' ? point.high : point.low]) ?? [];
  const values = [...kept, ...band];
  if (values.length === 0) return null;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const size = Math.max(Math.abs(min), Math.abs(max), 1e-6);
  const span = max - min > 1e-9 * size ? max - min : 0.1 * size;
  const step = roundStep(span * 1.1);
  const low = Math.floor((min - 0.04 * span) / step) * step;
  const high = Math.ceil((max + 0.04 * span) / step) * step;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const range = { low: Number(low.toFixed(digits)), high: Number(high.toFixed(digits)) };
  return { ...range, step, digits, outside: scores.filter((score) => score < range.low || score > range.high).length };
}
