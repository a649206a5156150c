/** A tab gives its trial back unfinished: a worker, or the next tab, takes it. */
import { z } from 'zod';
import { appendEvent } from '../../events/index.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { withSearch } from '../search/lock.ts';
import { releaseTrial } from '../trial/release.ts';
import { type Lease, type Lent, leaseSchema, loadLent, requireHeld } from './lease.ts';

export const returnSchema = leaseSchema.extend({
  /** `stopped`: its person or a pause took it away. `failed`, `late`: it could not be trained there, or not in time. */
  why: z.enum(['stopped', 'failed', 'late']),
});
type Why = z.infer<typeof returnSchema>['why'];

const words = { failed: 'could not be trained in a tab', late: 'took too long in a tab' };

/** @throws AppError `conflict` when the trial is not lent to this tab */
export async function returnTrial(ctx: ServiceContext, input: Lease & { why: Why }): Promise<void> {
  const lent = await loadLent(ctx, input);
  requireHeld(lent);
  await giveBack(ctx, lent, input.why);
}

/** A design is never marked as failed on a tab's word: what a tab cannot train, a worker tries. */
export async function giveBack(ctx: ServiceContext, { access, trial, owner }: Lent, why: Why): Promise<void> {
  await withSearch(ctx.db, trial.searchId, async (tx, search) => {
    const held = { id: trial.id, worker: owner, attempts: trial.attempts };
    if (!(await releaseTrial(tx, search, held, ctx.now(), why !== 'stopped'))) return;
    if (why !== 'stopped')
      await appendEvent(tx, search.id, 'log', {
        level: 'info',
        message: `Trial ${trial.number} ${words[why]}; a worker takes it.`,
      });
    await recordAudit(tx, ctx, {
      ...access,
      action: 'search.lend',
      subject: `trial:${trial.id}`,
      detail: { trial: trial.number, returned: why },
    });
    await ctx.queue.send(tx, 'search.step', { searchId: search.id });
  });
}
