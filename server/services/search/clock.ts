/** The clock of a budget: it runs while a search works and stands still while it waits or is paused. */
import type { searches } from '#db/schema/searches.ts';

export type SearchRowData = typeof searches.$inferSelect;
type Clock = Pick<SearchRowData, 'usedSeconds' | 'clockStartedAt'>;

/** Seconds of the budget used by `now`. */
export function elapsedSeconds(search: Clock, now: Date): number {
  const running = search.clockStartedAt ? (now.getTime() - search.clockStartedAt.getTime()) / 1000 : 0;
  return search.usedSeconds + Math.max(0, running);
}

/** Seconds left of the budget; negative once it is over. */
export function secondsLeft(search: Clock & Pick<SearchRowData, 'budgetSeconds'>, now: Date): number {
  return search.budgetSeconds - elapsedSeconds(search, now);
}

/** Below this many seconds no new trial is begun. */
export const leastTrialSeconds = 0.4;
/** A search whose time is over before any trial finished still gives trials so long. */
export const graceSeconds = 4;

/** Finalising takes so many times what the usable model took: a second runtime, which is slower, the test part and papers. */
export const finishedPerUsable = 4;

/**
 * Seconds to keep free for ensembling, export, verification and scoring the test part.
 * @param scoring projected time to score the test part, measured on the models so far
 * @param build what exporting and checking the usable model took: with thousands of columns that is the cost
 */
export function finishReserve(
  budgetSeconds: number,
  { scoring = 0, build = 0 }: Readonly<Record<string, number>> = {},
): number {
  const base = Math.min(20, Math.max(2.5, 0.05 * budgetSeconds));
  return Math.min(0.4 * budgetSeconds, Math.max(base, finishedPerUsable * build) + 1.3 * scoring);
}

/** Seconds until trials must be done, so that finalising fits into the budget; negative once that is past. */
export function trialSecondsLeft(search: SearchRowData, now: Date): number {
  return secondsLeft(search, now) - finishReserve(search.budgetSeconds, search.phaseSeconds);
}
