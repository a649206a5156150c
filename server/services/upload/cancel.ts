import { and, eq } from 'drizzle-orm';
import { uploads } from '#db/schema/datasets.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { loadUpload } from './view.ts';

/**
 * Throws away what arrived. Cancelling twice is fine.
 * @throws AppError `conflict` when the upload is finished
 */
export async function cancelUpload(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const access = await authorize(ctx, 'upload.cancel', { uploadId: input.id });
  const upload = await loadUpload(ctx, input.id);
  await ctx.db.transaction(async (tx) => {
    const changed = await tx
      .update(uploads)
      .set({ state: 'cancelled', updatedAt: ctx.now() })
      .where(and(eq(uploads.id, input.id), eq(uploads.state, 'receiving')))
      .returning({ id: uploads.id });
    if (changed.length === 0) {
      if (upload.state === 'complete')
        throw new AppError('conflict', 'This upload is finished: delete the data set instead.');
      return;
    }
    await recordAudit(tx, ctx, { ...access, action: 'upload.cancel', subject: `upload:${input.id}` });
  });
  await ctx.blobs.removePrefix(upload.blobKey);
}
