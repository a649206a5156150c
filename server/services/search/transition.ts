/** The states of a search and the only way from one to the next (CONTRACTS.md, States). */
import { eq } from 'drizzle-orm';
import type { SearchState } from '#core/contracts/task.ts';
import type { Tx } from '#db/client.ts';
import { searches } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import { AppError } from '../errors.ts';
import { elapsedSeconds, type SearchRowData } from './clock.ts';

const next: Readonly<Record<SearchState, readonly SearchState[]>> = {
  queued: ['starting', 'failed', 'cancelled'],
  starting: ['searching', 'failed', 'cancelled'],
  searching: ['pausing', 'finalising', 'failed', 'cancelled'],
  pausing: ['paused', 'finalising', 'failed', 'cancelled'],
  paused: ['searching', 'finalising', 'failed', 'cancelled'],
  finalising: ['verifying', 'failed', 'cancelled'],
  verifying: ['ready', 'failed', 'cancelled'],
  ready: [],
  failed: [],
  cancelled: [],
};
const clockStops: readonly SearchState[] = ['paused', 'ready', 'failed', 'cancelled'];

export const isEnded = (state: SearchState): boolean => next[state].length === 0;
export const canBecome = (from: SearchState, to: SearchState): boolean => next[from].includes(to);

/**
 * Moves a search to `state`, stops or starts its clock, and appends the event. The caller holds the row (`withSearch`).
 * @throws AppError `conflict` where the states do not allow it
 */
export async function moveTo(
  tx: Tx,
  search: SearchRowData,
  state: SearchState,
  now: Date,
  change: Partial<SearchRowData> = {},
): Promise<void> {
  if (!canBecome(search.state, state))
    throw new AppError('conflict', `This search is ${search.state}; it cannot become ${state} now.`);
  const stop = clockStops.includes(state);
  const clock = stop
    ? { usedSeconds: elapsedSeconds(search, now), clockStartedAt: null }
    : { clockStartedAt: search.clockStartedAt ?? now };
  await tx
    .update(searches)
    .set({ ...clock, state, ...(isEnded(state) ? { endedAt: now } : {}), ...change })
    .where(eq(searches.id, search.id));
  await appendEvent(tx, search.id, 'state', { state, error: change.error ?? null });
}
