/** The product on this machine: found through `.data/run.json`, or started as database and worker alone. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '#db/client.ts';
import { type Config, readConfig } from '#server/config/index.ts';
import { openQueue } from '#server/queue/index.ts';
import type { Services } from '#server/services/context.ts';
import { createBlobStore } from '#server/storage/index.ts';
import { createLogger } from '#server/telemetry/logger.ts';
import { holdProduct } from '../dev/idle.ts';
import { isAlive, type RunFile, readRunFile } from '../dev/run-file.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** How long database and worker stay up after the last command, so that the next one starts at once. */
const idleSeconds = 120;
const startSeconds = 60;

export interface LocalProduct {
  readonly services: Services;
  readonly config: Config;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

function running(dataDir: string): RunFile | undefined {
  const run = readRunFile(dataDir);
  return run && isAlive(run.pids.supervisor, 'supervise.ts') ? run : undefined;
}

/** Holds `cli.lock` while a product is being started, so that concurrent commands start one. */
async function withStartLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const file = join(dataDir, 'cli.lock');
  for (const end = Date.now() + startSeconds * 1000; ; await pause(50)) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const owner = Number(readFileSync(file, { encoding: 'utf8', flag: 'a+' }) || 0);
      if (owner && !isAlive(owner, 'infra/cli')) rmSync(file, { force: true });
      else if (Date.now() > end)
        throw new Error(`Another command has been starting the product for ${startSeconds} s (${file}).`);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

async function startProduct(dataDir: string, say: (line: string) => void): Promise<RunFile> {
  const found = running(dataDir);
  if (found) return found;
  say('Starting the local database and worker …');
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const logFile = join(dataDir, 'logs', 'cli-product.log');
  const log = openSync(logFile, 'w');
  const args = ['--no-web', '--data', dataDir, '--idle-seconds', String(idleSeconds)];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'infra/dev/supervise.ts'), ...args],
    { cwd: root, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  let exited = false;
  child.on('exit', () => {
    exited = true;
  });
  child.unref();
  for (const end = Date.now() + startSeconds * 1000; Date.now() < end && !exited; await pause(25)) {
    const run = running(dataDir);
    if (run) return run;
  }
  throw new Error(
    `The local product did not start:\n${readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n')}`,
  );
}

/** The running product, kept from ending. One that is just ending is waited for, and another one started. */
async function hold(
  dataDir: string,
  say: (line: string) => void,
): Promise<{ run: RunFile; release: () => Promise<void> }> {
  for (const end = Date.now() + startSeconds * 1000; ; await pause(250)) {
    const run = running(dataDir) ?? (await withStartLock(dataDir, () => startProduct(dataDir, say)));
    try {
      return { run, release: await holdProduct(run.databaseUrl) };
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/**
 * Opens the product of `dataDir` (by default the repository's `.data`), starting it when it is not running.
 * The connection keeps it alive; it ends by itself some time after the last command.
 */
export async function openLocalProduct(dataDir: string | null, say: (line: string) => void): Promise<LocalProduct> {
  const folder = resolve(dataDir ?? process.env.WARMSTART_DATA ?? join(root, '.data'));
  mkdirSync(folder, { recursive: true });
  const { run, release } = await hold(folder, say);
  const config = readConfig({
    ...process.env,
    DATABASE_URL: run.databaseUrl,
    WARMSTART_DATA: folder,
    ...(run.url ? { PUBLIC_URL: run.url } : {}),
  });
  const database = createDatabase(run.databaseUrl, { max: 4 });
  const queue = await openQueue(run.databaseUrl, { role: 'sender' });
  return {
    config,
    databaseUrl: run.databaseUrl,
    services: {
      db: database.db,
      config,
      blobs: await createBlobStore(config),
      queue,
      log: createLogger('silent', 'cli'),
      now: () => new Date(),
    },
    close: async () => {
      await queue.close(1).catch(() => undefined);
      await database.close().catch(() => undefined);
      await release();
    },
  };
}
