/** The best model so far of a search that runs, or ran until somebody stopped it. */
import type { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { searches } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';

/** @throws AppError `not_found` while there is none */
export async function openUsableModel(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ stream: Readable; bytes: number }> {
  await authorize(ctx, 'model.download', { searchId: input.id });
  const [row] = await ctx.db.select({ key: searches.provisionalKey }).from(searches).where(eq(searches.id, input.id));
  if (!row?.key) throw new AppError('not_found', 'This search has no usable model yet.');
  return { stream: await ctx.blobs.stream(row.key), bytes: await ctx.blobs.size(row.key) };
}
