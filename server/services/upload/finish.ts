/** Turns a complete upload into a version of a data set. */
import { and, eq } from 'drizzle-orm';
import { datasets, datasetVersions, uploads } from '#db/schema/datasets.ts';
import type { ServiceContext } from '../context.ts';
import { addSource, type VersionRef } from '../dataset/add-source.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { storeUpload } from './parts.ts';
import { loadUpload, type UploadRow } from './view.ts';

/**
 * Finishing again answers the same.
 * @param input `datasetId`: adds a version to this data set of the same project instead of making a new one
 * @throws AppError `conflict` while bytes are missing
 */
export async function finishUpload(
  ctx: ServiceContext,
  input: { id: string; datasetId?: string | null | undefined },
): Promise<VersionRef> {
  const access = await authorize(ctx, 'upload.finish', { uploadId: input.id });
  if (input.datasetId) {
    const there = await authorize(ctx, 'dataset.create', { datasetId: input.datasetId });
    if (there.projectId !== access.projectId) throw new AppError('not_found', 'There is no such data set here.');
  }
  const upload = await loadUpload(ctx, input.id);
  if (upload.state === 'cancelled') throw new AppError('conflict', 'This upload was cancelled.', { received: 0 });
  if (upload.state === 'complete') return madeBefore(ctx, upload);
  const versionId = crypto.randomUUID();
  const sourceKey = `datasets/${versionId}/source`;
  const { bytes, sha256 } = await storeUpload(ctx.blobs, upload, sourceKey);
  const made = await addSource(ctx, {
    access,
    projectId: upload.projectId,
    datasetId: input.datasetId ?? null,
    versionId,
    source: { key: sourceKey, sha256, name: upload.fileName, bytes },
    action: 'upload.finish',
    inside: async (tx) => {
      await tx.update(uploads).set({ state: 'complete', sha256, updatedAt: ctx.now() }).where(eq(uploads.id, input.id));
    },
  });
  await ctx.blobs.removePrefix(upload.blobKey);
  return made;
}

async function madeBefore(ctx: ServiceContext, upload: UploadRow): Promise<VersionRef> {
  const [made] = await ctx.db
    .select({ datasetId: datasets.id, versionId: datasetVersions.id })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(and(eq(datasets.projectId, upload.projectId), eq(datasetVersions.sourceSha256, upload.sha256 ?? '')))
    .orderBy(datasetVersions.createdAt)
    .limit(1);
  if (!made)
    throw new AppError('conflict', 'This upload was finished, and its data set is deleted.', {
      received: upload.received,
    });
  return made;
}
