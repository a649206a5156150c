/** What the product asks of a blob store, and the two stores that answer: a local folder and an S3-compatible bucket. */
import type { Readable } from 'node:stream';

/** Bytes `start` to `end`, both inclusive, as in an HTTP range. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

export interface BlobStore {
  /**
   * Writes or replaces a blob; a reader never sees a half-written one. A stream must not flow yet: a `data` listener
   * would take chunks that the store then misses.
   */
  put(key: string, source: Readable | Uint8Array): Promise<{ bytes: number }>;
  /** Moves a local file in without reading it into memory. The file is gone afterwards. */
  putFile(key: string, path: string): Promise<{ bytes: number }>;
  /** The whole blob in memory: only for small ones. */
  get(key: string): Promise<Uint8Array>;
  stream(key: string, range?: ByteRange): Promise<Readable>;
  /** A path that native readers can open; for S3 the blob is copied into a cache folder first. */
  localPath(key: string): Promise<string>;
  size(key: string): Promise<number>;
  exists(key: string): Promise<boolean>;
  remove(key: string): Promise<void>;
  removePrefix(prefix: string): Promise<void>;
}

const keyPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Keys are made by our own code from ids; anything else, such as a path trick, is refused. */
export function checkKey(key: string): string {
  if (!keyPattern.test(key) || key.length > 512)
    throw new Error(`Not a blob key: ${JSON.stringify(key.slice(0, 100))}`);
  return key;
}
