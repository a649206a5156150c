/** The folder for files on their way: what killed workers left in it goes after a day. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const dayMs = 86_400_000;

/** Never rejects; files that others still use are younger than a day. */
export async function clearScratch(folder: string, now = Date.now()): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const age = await stat(path).then(
      (entry) => now - entry.mtimeMs,
      () => 0,
    );
    if (age > dayMs) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
