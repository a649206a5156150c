/** Ends a running trial: stores what came out, tells the page, and asks for the next step, in one transaction. */
import { and, eq } from 'drizzle-orm';
import type { TrialRerun } from '#core/contracts/receipt.ts';
import type { TrialState } from '#core/contracts/task.ts';
import { trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import { recordTrial } from '../bank/record.ts';
import type { Services } from '../context.ts';
import { findBest } from '../search/best.ts';
import { elapsedSeconds } from '../search/clock.ts';
import { withSearch } from '../search/lock.ts';
import { projectScoring } from '../search/scoring.ts';
import { viewTrial } from './view.ts';

export interface TrialOutcome {
  readonly state: Exclude<TrialState, 'queued' | 'running'>;
  readonly score?: number;
  readonly low?: number;
  readonly high?: number;
  readonly seconds: number;
  readonly bytes?: number;
  readonly oneRowMs?: number;
  readonly peakMegabytes?: number;
  readonly steps?: readonly number[];
  readonly notes?: readonly string[];
  readonly rerun?: TrialRerun;
  readonly artifactKey?: string;
  readonly error?: string;
  readonly device?: string;
}

/**
 * Compare-and-set from running under this worker: a trial that was dropped or given to another worker stays as it is,
 * so no trial completes twice.
 * @returns whether the outcome was stored
 */
export function endTrial(
  ctx: Services,
  input: { searchId: string; trialId: string; worker: string; outcome: TrialOutcome },
): Promise<boolean> {
  return withSearch(ctx.db, input.searchId, async (tx, search) => {
    const { outcome } = input;
    const now = ctx.now();
    const before = await findBest(tx, search);
    const [trial] = await tx
      .update(trials)
      .set({ ...outcome, steps: outcome.steps && [...outcome.steps], notes: [...(outcome.notes ?? [])], endedAt: now })
      .where(
        and(
          eq(trials.id, input.trialId),
          eq(trials.searchId, search.id),
          eq(trials.state, 'running'),
          eq(trials.worker, input.worker),
        ),
      )
      .returning();
    if (!trial) return false;
    if (trial.state === 'done') {
      await recordTrial(tx, search, trial);
      await projectScoring(tx, search, ctx.config.workers.concurrency);
    }
    await appendEvent(tx, search.id, 'trial.ended', { trial: viewTrial(trial, search) });
    const best = await findBest(tx, search);
    if (best && best.id !== before?.id && best.score !== null)
      await appendEvent(tx, search.id, 'best', {
        value: best.score,
        low: best.low ?? best.score,
        high: best.high ?? best.score,
        trialNumber: best.number,
        at: elapsedSeconds(search, now),
      });
    await ctx.queue.send(tx, 'search.step', { searchId: search.id }, { priority: 5 });
    return true;
  });
}
