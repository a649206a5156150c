/** A data set straight from a stream of bytes: REST uploads in one request, and the command line. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { checkQuota, checkSize } from '../upload/create.ts';
import { addSource, type VersionRef } from './add-source.ts';

export interface CreateDataset {
  readonly projectId: string;
  readonly fileName: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** @throws AppError `too_large` as soon as more bytes arrived than are taken; nothing is kept then */
export async function createDataset(ctx: ServiceContext, input: CreateDataset): Promise<VersionRef> {
  const access = await authorize(ctx, 'dataset.create', { projectId: input.projectId });
  const limit = ctx.config.limits.uploadBytes;
  const versionId = crypto.randomUUID();
  const key = `datasets/${versionId}/source`;
  const hash = createHash('sha256');
  async function* counted(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const chunk of input.body) {
      bytes += chunk.byteLength;
      if (bytes > limit) throw new AppError('too_large', `At most ${limit} bytes are taken here.`, { limit });
      hash.update(chunk);
      yield chunk;
    }
  }
  const { bytes } = await ctx.blobs.put(key, Readable.from(counted()));
  try {
    checkSize(ctx, bytes);
    return await addSource(ctx, {
      access,
      projectId: input.projectId,
      datasetId: null,
      versionId,
      source: { key, sha256: hash.digest('hex'), name: input.fileName, bytes },
      action: 'dataset.create',
      inside: (tx) => checkQuota(tx, access.workspaceId, bytes),
    });
  } catch (error) {
    await ctx.blobs.remove(key).catch(() => undefined);
    throw error;
  }
}
