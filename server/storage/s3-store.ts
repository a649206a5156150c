/** Blobs in an S3-compatible bucket. The client is an optional dependency and is loaded only where the setting asks for it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Disk } from 'flydrive';
import { type BlobStore, checkKey } from './blob-store.ts';

export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
}

/** @param cacheDir absolute path of the folder that `localPath` copies blobs into */
export async function createS3Store(settings: S3Settings, cacheDir: string): Promise<BlobStore> {
  const [{ GetObjectCommand, S3Client }, { S3Driver }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('flydrive/drivers/s3'),
  ]);
  const client = new S3Client({
    region: settings.region,
    ...(settings.endpoint ? { endpoint: settings.endpoint, forcePathStyle: true } : {}),
    ...(settings.accessKeyId && settings.secretAccessKey
      ? { credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey } }
      : {}),
  });
  const disk = new Disk(new S3Driver({ client, bucket: settings.bucket, visibility: 'private', supportsACL: false }));
  let parts = 0;
  const size = async (key: string) => (await disk.getMetaData(checkKey(key))).contentLength;
  const store: BlobStore = {
    async put(key, source) {
      if (source instanceof Uint8Array) {
        await disk.put(checkKey(key), source);
        return { bytes: source.byteLength };
      }
      // S3 wants the length before the body, so a stream goes through a local file.
      await mkdir(cacheDir, { recursive: true });
      const part = join(cacheDir, `part-${process.pid}-${++parts}`);
      try {
        await pipeline(source, createWriteStream(part));
        return await store.putFile(key, part);
      } finally {
        await rm(part, { force: true });
      }
    },
    async putFile(key, from) {
      const bytes = (await stat(from)).size;
      await disk.putStream(checkKey(key), createReadStream(from), { contentLength: bytes });
      await rm(from, { force: true });
      return { bytes };
    },
    get: (key) => disk.getBytes(checkKey(key)),
    async stream(key, range) {
      if (!range) return disk.getStream(checkKey(key));
      const Range = `bytes=${range.start}-${range.end ?? ''}`;
      const reply = await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: checkKey(key), Range }));
      if (!(reply.Body instanceof Readable)) throw new Error(`No body for the blob ${key}`);
      return reply.Body;
    },
    async localPath(key) {
      const bytes = await size(key);
      const path = join(cacheDir, checkKey(key).replaceAll('/', '__'));
      const known = await stat(path).catch(() => null);
      if (known?.size === bytes) return path;
      await mkdir(cacheDir, { recursive: true });
      const part = `${path}.part-${process.pid}-${++parts}`;
      await pipeline(await disk.getStream(key), createWriteStream(part));
      await rename(part, path);
      return path;
    },
    size,
    exists: (key) => disk.exists(checkKey(key)),
    remove: (key) => disk.delete(checkKey(key)),
    removePrefix: (prefix) => disk.deleteAll(`${checkKey(prefix.replace(/\/$/, ''))}/`),
  };
  return store;
}
