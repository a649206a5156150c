/** A trial in somebody's tab: what every call about it must show, and until when the tab may keep it. */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { searches, trials } from '#db/schema/searches.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { type Access, authorize } from '../scopes.ts';
import type { SearchRowData } from '../search/clock.ts';
import { trialTime } from '../trial/claim.ts';
import { tabOwner } from '../trial/owner.ts';
import type { TrialRowData } from '../trial/view.ts';

/** `lease` was handed out with the trial and opens it together with the person's sign-in. */
export const leaseSchema = z.object({ trialId: z.uuid(), lease: z.uuid() });
export type Lease = z.infer<typeof leaseSchema>;

/** A tab has this much longer than a worker's child: its clock began when the answer arrived. */
const travelSeconds = 2;

export interface Lent {
  readonly access: Access;
  readonly search: SearchRowData;
  readonly trial: TrialRowData;
  /** What the trial's row says while this lease holds. */
  readonly owner: string;
}

/** @throws AppError `not_found`, `forbidden` */
export async function loadLent(ctx: ServiceContext, { trialId, lease }: Lease): Promise<Lent> {
  const access = await authorize(ctx, 'search.lend', { trialId });
  const { userId } = requireUser(ctx);
  const [row] = await ctx.db
    .select({ trial: trials, search: searches })
    .from(trials)
    .innerJoin(searches, eq(searches.id, trials.searchId))
    .where(eq(trials.id, trialId));
  if (!row) throw new AppError('not_found', 'There is no such trial.');
  return { access, ...row, owner: tabOwner(userId, lease) };
}

/** @throws AppError `conflict` once the trial was taken away, dropped or handed in */
export function requireHeld({ trial, owner }: Pick<Lent, 'trial' | 'owner'>): void {
  if (trial.state === 'running' && trial.worker === owner && trial.artifactKey === null) return;
  throw new AppError('conflict', 'This trial is no longer lent to this tab.');
}

/** Whether the tab has had the trial for longer than any worker may. */
export function isLate({ trial, search }: Pick<Lent, 'trial' | 'search'>, now: Date): boolean {
  if (!trial.startedAt) return true;
  const { hardSeconds } = trialTime(search, trial, trial.startedAt);
  return now.getTime() > trial.startedAt.getTime() + 1000 * (hardSeconds + travelSeconds);
}
