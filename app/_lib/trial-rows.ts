/** Filtering and sorting of the trials table; both live in the URL. */
import type { Direction, TrialOrigin } from '#core/contracts/task.ts';
import type { TrialView } from '#core/contracts/views.ts';
import { isBetter } from './best-curve.ts';

export const trialSortKeys = ['number', 'summary', 'origin', 'state', 'score', 'bytes', 'oneRowMs', 'seconds'] as const;
export type TrialSortKey = (typeof trialSortKeys)[number];

export const trialStatusFilters = ['done', 'running', 'failed'] as const;
export type TrialStatusFilter = (typeof trialStatusFilters)[number];

export interface TrialFilter {
  /** Words that must all stand in number, learner, design, error or device. */
  readonly text: string;
  readonly origin: TrialOrigin | null;
  readonly status: TrialStatusFilter | null;
}

function statusOf(trial: TrialView): TrialStatusFilter | null {
  if (trial.state === 'done') return 'done';
  if (trial.state === 'queued' || trial.state === 'running') return 'running';
  return trial.state === 'cancelled' ? null : 'failed';
}

export function filterTrials(trials: readonly TrialView[], filter: TrialFilter): TrialView[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return trials.filter((trial) => {
    if (filter.origin && trial.origin !== filter.origin) return false;
    if (filter.status && statusOf(trial) !== filter.status) return false;
    if (words.length === 0) return true;
    const text =
      `#${trial.number} ${trial.learner} ${trial.summary} ${trial.error ?? ''} ${trial.device ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * Sorted copy. For scores `descending` means best first, whichever way the metric points; rows without a value
 * come last in either order, and equal rows stand by number.
 */
export function sortTrials(
  trials: readonly TrialView[],
  key: TrialSortKey,
  descending: boolean,
  direction: Direction,
): TrialView[] {
  const sign = descending ? -1 : 1;
  const compare = (a: TrialView, b: TrialView): number => {
    const [x, y] = [a[key], b[key]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === 'string' || typeof y === 'string') return sign * String(x).localeCompare(String(y), 'en');
    if (x === y) return 0;
    if (key === 'score') return sign * (isBetter(direction, x, y) ? 1 : -1);
    return sign * (x - y);
  };
  return [...trials].sort((a, b) => compare(a, b) || a.number - b.number);
}
