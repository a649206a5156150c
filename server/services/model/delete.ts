/** Deletes a model and its files; the search that made it stays. */
import { eq } from 'drizzle-orm';
import { models } from '#db/schema/models.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { loadModel } from './load.ts';

export async function deleteModel(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const { model, access } = await loadModel(ctx, 'model.delete', input.id);
  await ctx.db.transaction(async (tx) => {
    await tx.delete(models).where(eq(models.id, model.id));
    await recordAudit(tx, ctx, { ...access, action: 'model.delete', subject: `model:${model.id}` });
  });
  await ctx.blobs
    .removePrefix(`models/${model.id}/`)
    .catch((error) => ctx.log.warn({ err: error, model: model.id }, 'files were left behind'));
}
