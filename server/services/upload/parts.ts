/** The bytes of an upload, from the parts it arrived in. */
import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobStore } from '../../storage/index.ts';
import { AppError } from '../errors.ts';
import { partKey, type UploadRow } from './view.ts';

/** The parts in order; each begins where the one before it ends. */
async function* joinedParts(blobs: BlobStore, upload: UploadRow, hash: Hash): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < upload.bytes; ) {
    const key = partKey(upload, offset);
    for await (const chunk of await blobs.stream(key)) {
      hash.update(chunk as Uint8Array);
      offset += (chunk as Uint8Array).byteLength;
      yield chunk as Uint8Array;
    }
  }
}

/**
 * Joins the parts under `key`. They stay: whoever is done with them removes the prefix `upload.blobKey`.
 * @throws AppError `conflict` while bytes are missing
 */
export async function storeUpload(
  blobs: BlobStore,
  upload: UploadRow,
  key: string,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { received } = upload;
  if (received < upload.bytes)
    throw new AppError('conflict', `Only ${received} of ${upload.bytes} bytes have arrived.`, { received });
  const hash = createHash('sha256');
  const { bytes } = await blobs.put(key, Readable.from(joinedParts(blobs, upload, hash)));
  return { bytes, sha256: hash.digest('hex') };
}
