/** A trial as pages and the command line see it. */
import type { TrialView } from '#core/contracts/views.ts';
import type { trials } from '#db/schema/searches.ts';
import { elapsedSeconds, type SearchRowData } from '../search/clock.ts';
import { isTabDevice } from './owner.ts';

export type TrialRowData = typeof trials.$inferSelect;

/** Seconds of the search's clock at `moment`; approximate after a pause, exact before. */
function clockAt(search: SearchRowData, moment: Date | null): number | null {
  if (!moment) return null;
  const since = search.clockStartedAt ?? search.startedAt;
  if (!since) return null;
  return search.clockStartedAt
    ? Math.max(0, elapsedSeconds(search, moment))
    : Math.max(0, (moment.getTime() - since.getTime()) / 1000);
}

export function viewTrial(trial: TrialRowData, search: SearchRowData): TrialView {
  return {
    id: trial.id,
    number: trial.number,
    origin: trial.origin,
    role: trial.role,
    learner: trial.learner,
    summary: trial.summary,
    state: trial.state,
    score: trial.score,
    low: trial.low,
    high: trial.high,
    seconds: trial.seconds,
    bytes: trial.bytes,
    oneRowMs: trial.oneRowMs,
    error: trial.error,
    notes: trial.notes,
    reused: trial.reused > 0,
    device: trial.device,
    tab: isTabDevice(trial.device),
    startedAt: trial.startedAt,
    endedAt: trial.endedAt,
    at: clockAt(search, trial.endedAt ?? trial.startedAt),
  };
}
