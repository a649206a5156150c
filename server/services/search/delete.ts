/** Deletes an ended search with its trials, events, model and files. */
import { eq } from 'drizzle-orm';
import { models } from '#db/schema/models.ts';
import { searches } from '#db/schema/searches.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { withSearch } from './lock.ts';
import { isEnded } from './transition.ts';

/** @throws AppError `conflict` while the search runs */
export async function deleteSearch(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const access = await authorize(ctx, 'search.delete', { searchId: input.id });
  const made = await withSearch(ctx.db, input.id, async (tx, search) => {
    if (!isEnded(search.state)) throw new AppError('conflict', `This search is ${search.state}: cancel it first.`);
    const found = await tx.select({ id: models.id }).from(models).where(eq(models.searchId, search.id));
    await tx.delete(searches).where(eq(searches.id, search.id));
    await recordAudit(tx, ctx, { ...access, action: 'search.delete', subject: `search:${search.id}` });
    return found;
  });
  for (const prefix of [`searches/${input.id}/`, ...made.map(({ id }) => `models/${id}/`)])
    await ctx.blobs
      .removePrefix(prefix)
      .catch((error) => ctx.log.warn({ err: error, prefix }, 'files were left behind'));
}
