/** Takes a queued trial for one worker. */
import { and, eq, sql } from 'drizzle-orm';
import { trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import { graceSeconds, leastTrialSeconds, type SearchRowData, trialSecondsLeft } from '../search/clock.ts';
import { withSearch } from '../search/lock.ts';
import { storedStrategy } from '../search/strategy-state.ts';
import { hasTried } from './drop.ts';
import { type TrialRowData, viewTrial } from './view.ts';

/**
 * Short limits are estimates made before anything was measured on this machine: while there is plenty of time, failing
 * on one of them costs more than up to four seconds do.
 */
const withSlack = (limit: number, left: number): number =>
  left > 4 * limit ? Math.max(limit, Math.min(2.5 * limit, 4)) : limit;

/**
 * Compare-and-set from queued to running: of all workers that try, one gets the trial.
 * @param worker `host:process:slot`
 * @returns the trial with the seconds it should keep to, and those after which it is stopped; undefined when it is taken or dropped, its search is not searching, or
 *   its time is over
 */
export function claimTrial(
  ctx: Services,
  input: { searchId: string; trialId: string; worker: string },
): Promise<{ trial: TrialRowData; search: SearchRowData; seconds: number; hardSeconds: number } | undefined> {
  return withSearch(ctx.db, input.searchId, async (tx, search) => {
    if (search.state !== 'searching') return undefined;
    const now = ctx.now();
    const left = trialSecondsLeft(search, now);
    if (left < leastTrialSeconds && (await hasTried(tx, search.id))) {
      await ctx.queue.send(tx, 'search.step', { searchId: search.id }, { priority: 10 });
      return undefined;
    }
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
    const limit = storedStrategy(search.strategyState)?.limits[trial.number] ?? Number.POSITIVE_INFINITY;
    const end = left < leastTrialSeconds ? graceSeconds : left;
    const seconds = Math.min(end, withSlack(limit, end));
    return { trial, search, seconds, hardSeconds: Math.min(end, 1.5 * seconds + 1) };
  });
}
