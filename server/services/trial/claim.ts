/** Takes a queued trial for one worker or tab. */
import { and, count, eq, not, sql } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { searches, trials } from '#db/schema/searches.ts';
import { projects, workspaces } from '#db/schema/workspaces.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import { graceSeconds, leastTrialSeconds, type SearchRowData, trialSecondsLeft } from '../search/clock.ts';
import { withSearch } from '../search/lock.ts';
import { storedStrategy } from '../search/strategy-state.ts';
import { isSatisfied } from './drop.ts';
import { runsInTab } from './owner.ts';
import { type TrialRowData, viewTrial } from './view.ts';

/** The baseline is over in a moment; where its many predictions take longer to score, it is still what there must be. */
const baselineSeconds = 30;

/**
 * Short limits are estimates made before anything was measured on this machine: while there is plenty of time, failing
 * on one of them costs more than up to four seconds do.
 */
const withSlack = (limit: number, left: number): number =>
  left > 4 * limit ? Math.max(limit, Math.min(2.5 * limit, 4)) : limit;

/** Seconds that a trial begun at `at` should keep to, and those after which it is stopped. */
export function trialTime(
  search: SearchRowData,
  { number, role }: Pick<TrialRowData, 'number' | 'role'>,
  at: Date,
): { seconds: number; hardSeconds: number } {
  if (role === 'baseline') return { seconds: baselineSeconds, hardSeconds: 2 * baselineSeconds };
  const left = trialSecondsLeft(search, at);
  const limit = storedStrategy(search.strategyState)?.limits[number] ?? Number.POSITIVE_INFINITY;
  const end = left < leastTrialSeconds ? graceSeconds : left;
  const seconds = Math.min(end, withSlack(limit, end));
  return { seconds, hardSeconds: Math.min(end, 1.5 * seconds + 1) };
}

export interface ClaimInput {
  readonly trialId: string;
  /** Whom the trial then belongs to (`owner.ts`). */
  readonly worker: string;
  /** What it will run on, where that is known before it has run. */
  readonly device?: string;
}

/**
 * Compare-and-set from queued to running: of all that try, one gets the trial. The caller holds the search's row.
 * @returns undefined when it is taken or dropped
 */
export async function takeTrial(
  ctx: Services,
  tx: Tx,
  search: SearchRowData,
  input: ClaimInput,
): Promise<TrialRowData | undefined> {
  const now = ctx.now();
  const [trial] = await tx
    .update(trials)
    .set({
      state: 'running',
      worker: input.worker,
      device: input.device ?? null,
      heartbeatAt: now,
      startedAt: now,
      attempts: sql`${trials.attempts} + 1`,
    })
    .where(and(eq(trials.id, input.trialId), eq(trials.searchId, search.id), eq(trials.state, 'queued')))
    .returning();
  if (trial) await appendEvent(tx, search.id, 'trial.started', { trial: viewTrial(trial, search) });
  return trial;
}

/** Whether the workspace of a search may have one more running trial; claims of one workspace wait for each other here. */
async function hasRoom(ctx: Services, tx: Tx, search: SearchRowData): Promise<boolean> {
  const [workspace] = await tx
    .select({ id: workspaces.id, quota: workspaces.maxConcurrentTrials })
    .from(workspaces)
    .where(
      eq(
        workspaces.id,
        tx.select({ id: projects.workspaceId }).from(projects).where(eq(projects.id, search.projectId)),
      ),
    )
    .for('no key update');
  const quota = workspace?.quota ?? ctx.config.limits.workspaceTrials;
  const [row] = await tx
    .select({ n: count() })
    .from(trials)
    .innerJoin(searches, eq(searches.id, trials.searchId))
    .innerJoin(projects, eq(projects.id, searches.projectId))
    .where(and(eq(trials.state, 'running'), not(runsInTab()), eq(projects.workspaceId, workspace?.id ?? '')));
  return (row?.n ?? 0) < quota;
}

/**
 * Takes a trial for a worker.
 * @returns the trial with its time, see `trialTime`; undefined when it is taken or dropped, its search is not
 *   searching, its time is over, or its workspace runs as many as it may
 */
export function claimTrial(
  ctx: Services,
  input: ClaimInput & { searchId: string },
): Promise<{ trial: TrialRowData; search: SearchRowData; seconds: number; hardSeconds: number } | undefined> {
  return withSearch(ctx.db, input.searchId, async (tx, search) => {
    if (search.state !== 'searching') return undefined;
    const now = ctx.now();
    if (trialSecondsLeft(search, now) < leastTrialSeconds && (await isSatisfied(tx, search.id))) {
      await ctx.queue.send(tx, 'search.step', { searchId: search.id }, { priority: 10 });
      return undefined;
    }
    if (!(await hasRoom(ctx, tx, search))) return undefined;
    const trial = await takeTrial(ctx, tx, search, input);
    return trial && { trial, search, ...trialTime(search, trial, now) };
  });
}
