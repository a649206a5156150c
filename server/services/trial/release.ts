/** Puts a running trial back into the queue: its search was paused, or its worker died. */
import { and, eq, sql } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';
import { withSearch } from '../search/lock.ts';
import { type TrialRowData, viewTrial } from './view.ts';

/** How often a trial may be started; the second death of its worker is its own fault. */
export const maxAttempts = 2;

/**
 * @param died the worker vanished: counts as an attempt, and after the last one the trial fails. The caller holds the search's row.
 * @returns the trial's new row, or undefined when it was not running under `worker`
 */
export async function releaseTrial(
  tx: Tx,
  search: SearchRowData,
  trial: Pick<TrialRowData, 'id' | 'worker' | 'attempts'>,
  now: Date,
  died: boolean,
): Promise<TrialRowData | undefined> {
  const failed = died && trial.attempts >= maxAttempts;
  const change = failed
    ? { state: 'failed' as const, endedAt: now, error: `The process that ran it died ${trial.attempts} times.` }
    : {
        state: 'queued' as const,
        worker: null,
        startedAt: null,
        heartbeatAt: null,
        device: null,
        artifactKey: null,
        attempts: died ? trial.attempts : sql`greatest(0, ${trials.attempts} - 1)`,
      };
  const [row] = await tx
    .update(trials)
    .set(change)
    .where(and(eq(trials.id, trial.id), eq(trials.state, 'running'), eq(trials.worker, trial.worker ?? '')))
    .returning();
  if (row) await appendEvent(tx, search.id, failed ? 'trial.ended' : 'trial.queued', { trial: viewTrial(row, search) });
  return row;
}

/** A worker gives back a trial it runs, because the search was paused or the worker ends. */
export function handBackTrial(
  ctx: Services,
  input: { searchId: string; trialId: string; worker: string },
): Promise<void> {
  return withSearch(ctx.db, input.searchId, async (tx, search) => {
    await releaseTrial(tx, search, { id: input.trialId, worker: input.worker, attempts: 0 }, ctx.now(), false);
    await ctx.queue.send(tx, 'search.step', { searchId: search.id });
  });
}
