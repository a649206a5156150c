import { eq } from 'drizzle-orm';
import { predictions } from '#db/schema/models.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { loadPrediction, predictionPrefix } from './view.ts';

/** Deletes the answers and what is left of the file. A worker that is at it finds the row gone and throws its work away. */
export async function deletePrediction(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const { prediction, access } = await loadPrediction(ctx, 'prediction.delete', input.id);
  await ctx.db.transaction(async (tx) => {
    await tx.delete(predictions).where(eq(predictions.id, prediction.id));
    await recordAudit(tx, ctx, { ...access, action: 'prediction.delete', subject: `prediction:${prediction.id}` });
  });
  await ctx.blobs
    .removePrefix(predictionPrefix(prediction))
    .catch((error) => ctx.log.warn({ err: error, prediction: prediction.id }, 'files were left behind'));
}
