/** The embedded PostgreSQL: one cluster in one folder, run detached so that Ctrl-C reaches the supervisor first. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { postgresBinary, reachableByOthers } from './binaries.ts';

const exec = promisify(execFile);

export interface Cluster {
  /** URL of the product's database. */
  readonly url: string;
  /** Process id of the postmaster. */
  readonly pid: number;
  readonly port: number;
  /** True when the server was already running, left over from an earlier start. */
  readonly adopted: boolean;
}

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: pick `postgres`, or `nobody` where there is no such user. */
async function serverIdentity(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number((await exec('id', [flag, user])).stdout)),
      );
      if (uid && gid) return { uid, gid };
    } catch {
      // The user does not exist; the next one may.
    }
  }
  throw new Error(
    'PostgreSQL cannot run as root, and this system has neither a user "postgres" nor "nobody". Start as another user, or set DATABASE_URL.',
  );
}

/** An unused port of the loopback address, the wanted one first. */
export async function freePort(wanted = 0): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number>((done, fail) => {
      const server = createServer();
      server.once('error', fail);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => done(typeof address === 'object' && address ? address.port : port));
      });
    });
  return attempt(wanted).catch(() => attempt(0));
}

/** The running postmaster of `folder`, read from its pid file, or undefined. */
function runningPostmaster(folder: string): { pid: number; port: number } | undefined {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  // A recycled process id may belong to anybody; only a process of that folder counts.
  try {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (!commandLine.includes('postgres')) return undefined;
  } catch {
    // No /proc on this system: trust the pid file.
  }
  return { pid, port };
}

const urlFor = (port: number, password: string, database: string) =>
  `postgres://warmstart:${password}@127.0.0.1:${port}/${database}`;

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function waitForAnswer(url: string, alive: () => boolean, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end && alive(); ) {
    if (await answers(url)) return true;
    await new Promise((done) => setTimeout(done, 40));
  }
  return false;
}

async function ensureDatabase(port: number, password: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlFor(port, password, 'postgres') });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

async function initialise(folder: string, password: string, identity: Identity): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (identity.uid !== undefined && identity.gid !== undefined) await chown(folder, identity.uid, identity.gid);
  const passwordFile = join(tmpdir(), `warmstart-${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (identity.uid !== undefined && identity.gid !== undefined) await chown(passwordFile, identity.uid, identity.gid);
  const flags = [
    '--auth=scram-sha-256',
    '--username=warmstart',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ];
  try {
    await exec(await postgresBinary('initdb'), ['-D', folder, ...flags], identity);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Where the cluster of `dataDir` lies: below it, unless the server's user could not reach it there. */
async function clusterFolder(dataDir: string): Promise<string> {
  const inside = resolve(dataDir, 'postgres');
  if (process.getuid?.() !== 0 || (await reachableByOthers(resolve(dataDir)))) return inside;
  return join('/var/tmp', `warmstart-${Buffer.from(resolve(dataDir)).toString('base64url')}`);
}

async function readPassword(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres-password');
  if (!existsSync(file)) await writeFile(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return (await readFile(file, 'utf8')).trim();
}

export interface ClusterOptions {
  /** Database of the product inside the cluster. */
  readonly database?: string;
  /** Settings as `name=value`, e.g. `fsync=off` for tests. */
  readonly settings?: readonly string[];
}

/**
 * Starts the cluster of `dataDir` (created on first use), or adopts it when it still runs.
 * @throws Error with the end of the server's log when it does not come up within 30 s
 */
export async function startCluster(dataDir: string, options: ClusterOptions = {}): Promise<Cluster> {
  const database = options.database ?? 'warmstart';
  await mkdir(dataDir, { recursive: true });
  const folder = await clusterFolder(dataDir);
  const password = await readPassword(dataDir);
  const running = runningPostmaster(folder);
  if (running && (await waitForAnswer(urlFor(running.port, password, 'postgres'), () => true, 10))) {
    await ensureDatabase(running.port, password, database);
    return { url: urlFor(running.port, password, database), adopted: true, ...running };
  }
  const identity = await serverIdentity();
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(folder, password, identity);
  // The port of the last start, so that a restarted server is found again by everybody who holds its URL.
  const portFile = join(dataDir, 'postgres-port');
  const port = await freePort(existsSync(portFile) ? Number(await readFile(portFile, 'utf8')) : 0);
  await writeFile(portFile, String(port));
  // After a kill of the postmaster its backends may hold the shared memory for a moment longer.
  for (let attempt = 1; ; attempt++) {
    const pid = await launch(dataDir, folder, port, password, identity, options.settings ?? []).catch(
      (error: unknown) => {
        if (attempt === 5) throw error;
      },
    );
    if (pid !== undefined) {
      await ensureDatabase(port, password, database);
      return { url: urlFor(port, password, database), pid, port, adopted: false };
    }
    await new Promise((done) => setTimeout(done, 200 * attempt));
  }
}

async function launch(
  dataDir: string,
  folder: string,
  port: number,
  password: string,
  identity: Identity,
  extra: readonly string[],
): Promise<number> {
  const logFile = join(dataDir, 'postgres.log');
  const log = openSync(logFile, 'a');
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=128MB',
    'log_min_messages=warning',
    ...extra,
  ];
  const child = spawn(await postgresBinary('postgres'), ['-D', folder, ...settings.flatMap((s) => ['-c', s])], {
    ...identity,
    cwd: folder.startsWith('/') ? '/' : undefined,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ended = false;
  child.on('error', () => {
    ended = true;
  });
  child.on('exit', () => {
    ended = true;
  });
  child.unref();
  if (!(await waitForAnswer(urlFor(port, password, 'postgres'), () => !ended, 30))) {
    const tail = (await readFile(logFile, 'utf8').catch(() => '')).split('\n').slice(-8).join('\n');
    throw new Error(`PostgreSQL did not start (data in ${folder}). The end of its log:\n${tail}`);
  }
  return child.pid ?? 0;
}

/** Stops the cluster of `dataDir`: fast shut-down, sessions are cut, nothing is lost. Does nothing when it is not running. */
export async function stopCluster(dataDir: string): Promise<void> {
  const running = runningPostmaster(await clusterFolder(dataDir));
  if (!running) return;
  process.kill(running.pid, 'SIGINT');
  for (let i = 0; i < 300; i++) {
    try {
      process.kill(running.pid, 0);
    } catch {
      return;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  process.kill(running.pid, 'SIGKILL');
}
