/** `.data/run.json`: what runs where, so that the command line, tests and people find it. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RunFile {
  /** Null when only database and worker run, started by the command line. */
  readonly url: string | null;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly pids: {
    readonly supervisor: number;
    readonly web: number | null;
    readonly worker: number | null;
    readonly postgres: number | null;
  };
  readonly startedAt: string;
}

const path = (dataDir: string) => join(dataDir, 'run.json');

/** Reads the file, or undefined when there is none or it is damaged. */
export function readRunFile(dataDir: string): RunFile | undefined {
  if (!existsSync(path(dataDir))) return undefined;
  try {
    return JSON.parse(readFileSync(path(dataDir), 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
}

/** Writes the file in one step, so that nobody reads half of it. */
export function writeRunFile(run: RunFile): void {
  const partial = `${path(run.dataDir)}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, path(run.dataDir));
}

export function removeRunFile(dataDir: string): void {
  rmSync(path(dataDir), { force: true });
}

/** Whether process `pid` lives and its command line holds `part` (where the system tells). */
export function isAlive(pid: number | null | undefined, part: string): boolean {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.length > 0 && command.includes(part);
  } catch {
    return true;
  }
}
