/** Until when a trial may run. */
import { finishReserve, type SearchRowData, secondsLeft } from '#server/services/search/clock.ts';
import { storedStrategy } from '#server/services/search/strategy-state.ts';

/** A search whose time is over and that has no result yet still gives each trial so long. */
const leastSeconds = 2;

/** `Date.now()` at which trials of `search` must be done, so that finalising fits into the budget. */
export function trialDeadline(search: SearchRowData, trialNumber: number, now: Date): number {
  const left = secondsLeft(search, now) - finishReserve(search.budgetSeconds, search.phaseSeconds.scoring ?? 0);
  const limit = storedStrategy(search.strategyState)?.limits[trialNumber] ?? Number.POSITIVE_INFINITY;
  return now.getTime() + 1000 * Math.min(Math.max(left, leastSeconds), limit);
}
