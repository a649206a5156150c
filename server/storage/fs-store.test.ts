import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BlobStore } from './blob-store.ts';
import { createFsStore } from './fs-store.ts';

let dir = '';
let store: BlobStore;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'blobs-'));
  store = createFsStore(dir);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('writes bytes and streams, reads whole blobs and ranges', async () => {
  expect(await store.put('a/one', new TextEncoder().encode('hello world'))).toEqual({ bytes: 11 });
  expect(await store.put('a/two', Readable.from([Buffer.from('stream')]))).toEqual({ bytes: 6 });
  expect(new TextDecoder().decode(await store.get('a/one'))).toBe('hello world');
  expect((await buffer(await store.stream('a/one', { start: 6, end: 8 }))).toString()).toBe('wor');
  expect(await store.size('a/two')).toBe(6);
});

test('a source that breaks leaves neither a blob nor a part behind', async () => {
  const broken = new Readable({
    read() {
      this.push('x');
      this.destroy(new Error('lost'));
    },
  });
  await expect(store.put('b/broken', broken)).rejects.toThrow();
  expect(await store.exists('b/broken')).toBe(false);
  expect(await readdir(join(dir, 'b')).catch(() => [])).toEqual([]);
});

test('moves a file in and removes by prefix', async () => {
  const file = join(dir, 'loose');
  await writeFile(file, 'moved');
  expect(await store.putFile('c/d/e', file)).toEqual({ bytes: 5 });
  await store.put('c/f', new Uint8Array(3));
  await store.removePrefix('c/');
  expect(await store.exists('c/d/e')).toBe(false);
  expect(await store.exists('c/f')).toBe(false);
  await store.removePrefix('c/');
});

test.each(['../x', '/etc/passwd', 'a/../../b', 'a//b', '', 'a\u0000b', 'a/.hidden', 'a\\b', 'C:\\x'])(
  'refuses the key %j',
  async (key) => {
    await expect(Promise.resolve().then(() => store.put(key, new Uint8Array(1)))).rejects.toThrow('Not a blob key');
  },
);
