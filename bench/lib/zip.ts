/** The files of a zip archive that a bench reads, in memory. */
import { open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { readZipEntries } from '#workers/data/zip-directory.ts';

/** Contents by name, in the archive's order; folders left out. */
export async function readZip(path: string): Promise<Map<string, Buffer>> {
  const file = await open(path);
  const files = new Map<string, Buffer>();
  try {
    for (const entry of await readZipEntries(file, path)) {
      if (entry.name.endsWith('/')) continue;
      const packed = Buffer.alloc(entry.packed);
      await file.read(packed, 0, entry.packed, await entry.dataStart(path));
      files.set(entry.name, entry.method === 0 ? packed : inflateRawSync(packed));
    }
  } finally {
    await file.close();
  }
  return files;
}
