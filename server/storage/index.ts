/** Opens the blob store that the settings name. */
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { BlobStore } from './blob-store.ts';
import { createFsStore } from './fs-store.ts';
import { createS3Store } from './s3-store.ts';

export type { BlobStore, ByteRange } from './blob-store.ts';

export async function createBlobStore(config: Pick<Config, 'storage' | 'dataDir'>): Promise<BlobStore> {
  const { storage } = config;
  return storage.kind === 's3'
    ? createS3Store(storage, join(config.dataDir, 'blob-cache'))
    : createFsStore(storage.dir);
}
