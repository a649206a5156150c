/** The bytes of an upload, from the parts it arrived in. */
import type { BlobStore } from '../../storage/index.ts';
import { partKey, type UploadRow } from './view.ts';

/** The parts in order; each begins where the one before it ends. */
export async function* joinedParts(
  blobs: BlobStore,
  upload: UploadRow,
  hash: { update(data: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < upload.bytes; ) {
    const key = partKey(upload, offset);
    for await (const chunk of await blobs.stream(key)) {
      hash.update(chunk as Uint8Array);
      offset += (chunk as Uint8Array).byteLength;
      yield chunk as Uint8Array;
    }
  }
}
