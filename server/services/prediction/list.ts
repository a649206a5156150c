import { desc, eq } from 'drizzle-orm';
import { predictions } from '#db/schema/models.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';
import { type PredictionView, viewPrediction } from './view.ts';

const mostListed = 100;

/** The files that were predicted with a model, newest first. */
export async function listPredictions(ctx: ServiceContext, input: { modelId: string }): Promise<PredictionView[]> {
  await authorize(ctx, 'prediction.read', { modelId: input.modelId });
  const rows = await ctx.db
    .select()
    .from(predictions)
    .where(eq(predictions.modelId, input.modelId))
    .orderBy(desc(predictions.createdAt), desc(predictions.id))
    .limit(mostListed);
  return rows.map(viewPrediction);
}
