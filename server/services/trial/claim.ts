/** Takes a queued trial for one worker. */
import { and, eq, sql } from 'drizzle-orm';
import { trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';
import { withSearch } from '../search/lock.ts';
import { type TrialRowData, viewTrial } from './view.ts';

/**
 * Compare-and-set from queued to running: of all workers that try, one gets the trial.
 * @param worker `host:process:slot`
 * @returns undefined when the trial is taken, dropped or its search is not searching
 */
export function claimTrial(
  ctx: Services,
  input: { searchId: string; trialId: string; worker: string },
): Promise<{ trial: TrialRowData; search: SearchRowData } | undefined> {
  return withSearch(ctx.db, input.searchId, async (tx, search) => {
    if (search.state !== 'searching') return undefined;
    const now = ctx.now();
    const [trial] = await tx
      .update(trials)
      .set({
        state: 'running',
        worker: input.worker,
        heartbeatAt: now,
        startedAt: now,
        attempts: sql`${trials.attempts} + 1`,
      })
      .where(and(eq(trials.id, input.trialId), eq(trials.searchId, search.id), eq(trials.state, 'queued')))
      .returning();
    if (!trial) return undefined;
    await appendEvent(tx, search.id, 'trial.started', { trial: viewTrial(trial, search) });
    return { trial, search };
  });
}
