/** What became of a model that a tab handed in. */
import { and, desc, eq } from 'drizzle-orm';
import { auditLog } from '#db/schema/accounts.ts';
import type { ServiceContext } from '../context.ts';
import { type Lease, loadLent } from './lease.ts';

export type Outcome =
  | { readonly state: 'judging' }
  | { readonly state: 'kept'; readonly score: number; readonly low: number | null; readonly high: number | null }
  | { readonly state: 'refused'; readonly why: string }
  /** The search ended first. */
  | { readonly state: 'dropped' };

export async function lentOutcome(ctx: ServiceContext, input: Lease): Promise<Outcome> {
  const { trial, owner } = await loadLent(ctx, input);
  if (trial.worker === owner || trial.worker?.startsWith(`${owner}@`)) {
    const { state, score, low, high } = trial;
    if (state === 'running') return { state: 'judging' };
    return state === 'done' && score !== null ? { state: 'kept', score, low, high } : { state: 'dropped' };
  }
  const [entry] = await ctx.db
    .select({ detail: auditLog.detail })
    .from(auditLog)
    .where(
      and(eq(auditLog.subject, `trial:${trial.id}`), eq(auditLog.action, 'search.lend'), eq(auditLog.denied, true)),
    )
    .orderBy(desc(auditLog.createdAt))
    .limit(1);
  const { refused, lease } = (entry?.detail ?? {}) as { refused?: string; lease?: string };
  return lease === input.lease && refused ? { state: 'refused', why: refused } : { state: 'dropped' };
}
