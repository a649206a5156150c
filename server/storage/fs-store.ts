/** Blobs as files of a local folder. */
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { type BlobStore, checkKey } from './blob-store.ts';

/** @param dir absolute path of the folder; it is made on first use */
export function createFsStore(dir: string): BlobStore {
  const disk = new Disk(new FSDriver({ location: dir, visibility: 'private' }));
  let parts = 0;
  const path = (key: string) => join(dir, checkKey(key));
  const size = async (key: string) => (await stat(path(key))).size;
  return {
    async put(key, source) {
      checkKey(key);
      const part = `${key}.part-${process.pid}-${++parts}`;
      try {
        await disk.putStream(part, source instanceof Uint8Array ? Readable.from([source]) : source);
        await rename(path(part), path(key));
      } catch (error) {
        await rm(path(part), { force: true });
        throw error;
      }
      return { bytes: await size(key) };
    },
    async putFile(key, from) {
      await mkdir(dirname(path(key)), { recursive: true });
      await rename(from, path(key)).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error;
        // The file lies on another file system: copy beside the target first, so that no reader sees half of it.
        const part = `${path(key)}.part-${process.pid}-${++parts}`;
        await copyFile(from, part);
        await rename(part, path(key));
        await rm(from, { force: true });
      });
      return { bytes: await size(key) };
    },
    get: (key) => disk.getBytes(checkKey(key)),
    async stream(key, range) {
      await size(key);
      return createReadStream(path(key), { ...range });
    },
    async localPath(key) {
      await size(key);
      return path(key);
    },
    size,
    exists: (key) => disk.exists(checkKey(key)),
    remove: (key) => disk.delete(checkKey(key)),
    removePrefix: (prefix) => disk.deleteAll(checkKey(prefix.replace(/\/$/, ''))),
  };
}
