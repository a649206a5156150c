/** Publishing: only what a real browser agreed with. */
import { eq } from 'drizzle-orm';
import { models } from '#db/schema/models.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadModel } from './load.ts';

/** @throws AppError `conflict` before a passing browser check, or when archived */
export async function publishModel(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const { model, access } = await loadModel(ctx, 'model.publish', input.id);
  if (model.state === 'published') return;
  if (model.state === 'archived') throw new AppError('conflict', 'This model is archived.');
  if (!model.publishableAt)
    throw new AppError(
      'conflict',
      'Run the browser check first: a model is published only after a real browser agreed.',
    );
  await ctx.db.transaction(async (tx) => {
    await tx.update(models).set({ state: 'published' }).where(eq(models.id, model.id));
    await recordAudit(tx, ctx, { ...access, action: 'model.publish', subject: `model:${model.id}` });
  });
}
