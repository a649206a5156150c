/** What the job that predicts a file reads and writes. */
import { and, eq, inArray } from 'drizzle-orm';
import type { DataErrorDetail } from '#core/contracts/dataset.ts';
import { models, predictions } from '#db/schema/models.ts';
import type { Services } from '../context.ts';

/** @returns undefined where there is nothing to do */
export async function beginPrediction(ctx: Services, predictionId: string) {
  const [prediction] = await ctx.db
    .update(predictions)
    .set({ state: 'running', rows: 0 })
    .where(and(eq(predictions.id, predictionId), inArray(predictions.state, ['queued', 'running'])))
    .returning();
  if (!prediction) return undefined;
  const [model] = await ctx.db.select().from(models).where(eq(models.id, prediction.modelId));
  return model && { prediction, model };
}

/** Rows that are predicted so far. */
export async function notePredicted(ctx: Services, predictionId: string, rows: number): Promise<void> {
  await ctx.db
    .update(predictions)
    .set({ rows })
    .where(and(eq(predictions.id, predictionId), eq(predictions.state, 'running')));
}

type Ended =
  | { readonly error: DataErrorDetail }
  | { readonly rows: number; readonly bytes: number; readonly notes: readonly string[] };

/**
 * Stores how it ended; the file that was uploaded is not kept.
 * @returns false where it was deleted meanwhile
 */
export async function settlePrediction(ctx: Services, predictionId: string, ended: Ended): Promise<boolean> {
  const change =
    'error' in ended
      ? { state: 'failed' as const, error: ended.error }
      : { state: 'ready' as const, rows: ended.rows, bytes: ended.bytes, notes: [...ended.notes], error: null };
  const [row] = await ctx.db
    .update(predictions)
    .set({ ...change, endedAt: ctx.now() })
    .where(and(eq(predictions.id, predictionId), eq(predictions.state, 'running')))
    .returning();
  if (row) await ctx.blobs.remove(row.sourceKey).catch(() => undefined);
  return row !== undefined;
}
