/** Takes what a tab trained. It counts for nothing until a worker has judged it (`judge.ts`). */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq, isNull } from 'drizzle-orm';
import { trials } from '#db/schema/searches.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { withSearch } from '../search/lock.ts';
import { writeBody } from '../upload/append.ts';
import { isLate, type Lease, loadLent, requireHeld } from './lease.ts';
import { giveBack } from './return.ts';

/** No learner of the search makes more than a few megabytes a fold. */
export const mostBytes = 64 * 1024 * 1024;

/**
 * From here on the tab may close: the trial waits for its judge.
 * @throws AppError `conflict` when the trial is not lent to this tab or its time is over, `too_large`
 */
export async function submitLent(
  ctx: ServiceContext,
  input: Lease & { readonly body: AsyncIterable<Uint8Array> },
): Promise<void> {
  const lent = await loadLent(ctx, input);
  requireHeld(lent);
  const { trial, owner, access } = lent;
  if (isLate(lent, ctx.now())) {
    await giveBack(ctx, lent, 'late');
    throw new AppError('conflict', 'The time of this trial is over; a worker takes it.');
  }
  const folder = join(ctx.config.dataDir, 'staging');
  await mkdir(folder, { recursive: true });
  const name = randomUUID();
  const path = join(folder, name);
  // A name of its own: whoever comes too late, or twice, writes over nobody's work.
  const key = `searches/${trial.searchId}/trials/${trial.id}.${name}.bin`;
  try {
    const { bytes, tooMany, broken } = await writeBody(path, input.body, mostBytes);
    if (tooMany) throw new AppError('too_large', `A trained model may hold at most ${mostBytes} bytes.`);
    if (broken || bytes === 0) throw new AppError('invalid', 'The model did not arrive whole.');
    await ctx.blobs.putFile(key, path);
    const kept = await withSearch(ctx.db, trial.searchId, async (tx) => {
      const [row] = await tx
        .update(trials)
        .set({ artifactKey: key, heartbeatAt: ctx.now() })
        .where(
          and(
            eq(trials.id, trial.id),
            eq(trials.state, 'running'),
            eq(trials.worker, owner),
            isNull(trials.artifactKey),
          ),
        )
        .returning({ id: trials.id });
      if (!row) return false;
      await recordAudit(tx, ctx, {
        ...access,
        action: 'search.lend',
        subject: `trial:${trial.id}`,
        detail: { trial: trial.number, bytes },
      });
      await ctx.queue.send(tx, 'trial.judge', { searchId: trial.searchId, trialId: trial.id }, { priority: 10 });
      return true;
    });
    if (kept) return;
    await ctx.blobs.remove(key);
    throw new AppError('conflict', 'This trial is no longer lent to this tab.');
  } finally {
    await rm(path, { force: true });
  }
}
