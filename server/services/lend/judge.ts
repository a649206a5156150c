/** What becomes of a model that a tab sent: taken up by a worker, then kept (`endTrial`), refused, or put back. */
import { and, eq } from 'drizzle-orm';
import { trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import { recordAudit } from '../audit/record.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';
import { withSearch } from '../search/lock.ts';
import { locate } from '../targets.ts';
import { isHandedIn, readTabOwner } from '../trial/owner.ts';
import { releaseTrial } from '../trial/release.ts';
import type { TrialRowData } from '../trial/view.ts';

interface TrialId {
  readonly searchId: string;
  readonly trialId: string;
}

export interface Judged {
  readonly trial: TrialRowData & { artifactKey: string };
  readonly search: SearchRowData;
  /** The trial's owner while it is judged. */
  readonly owner: string;
}

/**
 * Compare-and-set: of all workers one judges.
 * @param judge `host:process:slot`
 * @returns undefined when there is nothing to judge; what a dropped trial left behind is removed
 */
export async function takeUp(ctx: Services, input: TrialId & { judge: string }): Promise<Judged | undefined> {
  const taken = await withSearch(ctx.db, input.searchId, async (tx, search) => {
    const [trial] = await tx.select().from(trials).where(eq(trials.id, input.trialId));
    if (!trial || !isHandedIn(trial)) return undefined;
    const { artifactKey } = trial;
    if (trial.state === 'cancelled') {
      await tx.update(trials).set({ artifactKey: null }).where(eq(trials.id, trial.id));
      return { left: artifactKey };
    }
    if (trial.state !== 'running') return undefined;
    const owner = `${trial.worker}@${input.judge}`;
    await tx.update(trials).set({ worker: owner, heartbeatAt: ctx.now() }).where(eq(trials.id, trial.id));
    return { judged: { trial: { ...trial, artifactKey }, search, owner } };
  });
  if (taken?.left) await ctx.blobs.remove(taken.left);
  return taken?.judged;
}

/** The worker ends before it has judged: the next one takes it up. */
export async function putDown(ctx: Services, { trial, owner }: Judged): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(trials)
      .set({ worker: trial.worker, heartbeatAt: ctx.now() })
      .where(and(eq(trials.id, trial.id), eq(trials.worker, owner), eq(trials.state, 'running')))
      .returning({ id: trials.id });
    if (row) await ctx.queue.send(tx, 'trial.judge', { searchId: trial.searchId, trialId: trial.id });
  });
}

/**
 * What the tab sent is thrown away and the trial waits for a worker: a design is not blamed for what a tab made of it.
 * The attempt is in the audit log under the name of who lent the tab.
 * @param reason one plain line
 */
export async function refuseLent(ctx: Services, { trial, owner }: Judged, reason: string): Promise<void> {
  const tab = readTabOwner(owner);
  await withSearch(ctx.db, trial.searchId, async (tx, search) => {
    const held = { id: trial.id, worker: owner, attempts: trial.attempts };
    if (!(await releaseTrial(tx, search, held, ctx.now(), true))) return;
    await appendEvent(tx, search.id, 'log', {
      level: 'warning',
      message: `What a tab sent for trial ${trial.number} was refused. ${reason} A worker takes the trial.`,
    });
    const place = await locate(tx, { searchId: search.id });
    const actor = { kind: 'user' as const, userId: tab?.userId ?? '', via: 'session' as const };
    await recordAudit(
      tx,
      { ...ctx, actor },
      {
        workspaceId: place?.workspaceId ?? null,
        projectId: place?.projectId ?? null,
        action: 'search.lend',
        subject: `trial:${trial.id}`,
        detail: { trial: trial.number, lease: tab?.lease ?? '', refused: reason },
        denied: true,
      },
    );
    await ctx.queue.send(tx, 'search.step', { searchId: search.id });
  });
}
