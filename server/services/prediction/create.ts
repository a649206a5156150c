/** Hands an uploaded file to a worker, which predicts its rows with a model. */
import { and, eq } from 'drizzle-orm';
import { uploads } from '#db/schema/datasets.ts';
import { predictions } from '#db/schema/models.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadModel } from '../model/load.ts';
import { authorize } from '../scopes.ts';
import { storeUpload } from '../upload/parts.ts';
import { loadUpload } from '../upload/view.ts';
import { type PredictionRow, type PredictionView, predictionPrefix, viewPrediction } from './view.ts';

/** @throws AppError `conflict` while bytes are missing, or where the upload was used before */
export async function createPrediction(
  ctx: ServiceContext,
  input: { modelId: string; uploadId: string; format: PredictionRow['format'] },
): Promise<PredictionView> {
  const { model, access } = await loadModel(ctx, 'prediction.create', input.modelId);
  const there = await authorize(ctx, 'upload.finish', { uploadId: input.uploadId });
  if (there.projectId !== access.projectId) throw new AppError('not_found', 'There is no such upload here.');
  const upload = await loadUpload(ctx, input.uploadId);
  if (upload.state !== 'receiving') throw new AppError('conflict', `This upload is ${upload.state}.`);
  const id = crypto.randomUUID();
  const prefix = predictionPrefix({ id, modelId: model.id });
  const sourceKey = `${prefix}source`;
  const { bytes, sha256 } = await storeUpload(ctx.blobs, upload, sourceKey);
  const made = await ctx.db.transaction(async (tx) => {
    const taken = await tx
      .update(uploads)
      .set({ state: 'complete', sha256, updatedAt: ctx.now() })
      .where(and(eq(uploads.id, upload.id), eq(uploads.state, 'receiving')))
      .returning({ id: uploads.id });
    if (taken.length === 0) return null;
    const [row] = await tx
      .insert(predictions)
      .values({
        id,
        modelId: model.id,
        userId: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
        fileName: upload.fileName,
        sourceKey,
        sourceBytes: bytes,
        format: input.format,
        createdAt: ctx.now(),
      })
      .returning();
    await ctx.queue.send(tx, 'model.predict', { predictionId: id });
    const subject = `prediction:${id}`;
    await recordAudit(tx, ctx, { ...access, action: 'prediction.create', subject, detail: { bytes } });
    return row ?? null;
  });
  if (!made) {
    await ctx.blobs.removePrefix(prefix);
    throw new AppError('conflict', 'This upload was used meanwhile.');
  }
  await ctx.blobs.removePrefix(upload.blobKey);
  return viewPrediction(made);
}
