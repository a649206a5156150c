/** Archiving takes a model out of use and keeps its files. */
import { eq } from 'drizzle-orm';
import { models } from '#db/schema/models.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { loadModel } from './load.ts';

export async function archiveModel(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const { model, access } = await loadModel(ctx, 'model.archive', input.id);
  await ctx.db.transaction(async (tx) => {
    await tx.update(models).set({ state: 'archived' }).where(eq(models.id, model.id));
    await recordAudit(tx, ctx, { ...access, action: 'model.archive', subject: `model:${model.id}` });
  });
}
