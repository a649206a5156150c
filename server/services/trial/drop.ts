/** Takes queued and running trials out of a search that needs them no more. */
import { and, count, eq, inArray, ne } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { SearchRowData } from '../search/clock.ts';
import { viewTrial } from './view.ts';

/**
 * Marks all open trials cancelled; whoever runs them notices and stops. The caller holds the search's row.
 * @returns how many trials of the search are done
 */
export async function dropOpenTrials(tx: Tx, search: SearchRowData, now: Date): Promise<number> {
  const dropped = await tx
    .update(trials)
    .set({ state: 'cancelled', endedAt: now, error: 'The search ended before this trial.' })
    .where(and(eq(trials.searchId, search.id), inArray(trials.state, ['queued', 'running'])))
    .returning();
  for (const trial of dropped) await appendEvent(tx, search.id, 'trial.ended', { trial: viewTrial(trial, search) });
  return countDone(tx, search.id);
}

/** How many trials of the search are done. */
async function countDone(tx: Tx, searchId: string): Promise<number> {
  const [row] = await tx
    .select({ n: count() })
    .from(trials)
    .where(and(eq(trials.searchId, searchId), eq(trials.state, 'done')));
  return row?.n ?? 0;
}

/** Whether there is a finished trial, and one of a learner, not the baseline, has ended, well or not. */
export async function isSatisfied(tx: Tx, searchId: string): Promise<boolean> {
  const ended = inArray(trials.state, ['done', 'failed', 'timed_out', 'out_of_memory']);
  const [row] = await tx
    .select({ n: count() })
    .from(trials)
    .where(and(eq(trials.searchId, searchId), ne(trials.role, 'baseline'), ended));
  return (row?.n ?? 0) > 0 && (await countDone(tx, searchId)) > 0;
}
