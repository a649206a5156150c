/**
 * Starts the product and keeps it running: embedded PostgreSQL, migrations, build, worker, web.
 * `--port N` (default 3000), `--data DIR` (default .data), `--host ADDRESS` (default 127.0.0.1);
 * `--no-web` runs database and worker alone for the command line, `--idle-seconds N` ends them when nobody needs them.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Cluster, freePort, startCluster, stopCluster } from '../../db/embedded/cluster.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { buildWeb } from './build.ts';
import { Service } from './child.ts';
import { idleFor } from './idle.ts';
import { isAlive, readRunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { clearLeftovers } from './takeover.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string', default: join(root, '.data') },
    host: { type: 'string', default: '127.0.0.1' },
    'no-web': { type: 'boolean', default: false },
    'idle-seconds': { type: 'string' },
  },
});
const say = (line: string) => console.error(line);
const dataDir = resolve(values.data);
const withWeb = !values['no-web'];
mkdirSync(dataDir, { recursive: true });

const fail = (message: string): never => {
  say(message);
  process.exit(1);
};
if (values.port !== undefined && !(Number(values.port) > 0 && Number(values.port) < 65_536))
  fail(`--port ${values.port} is no port: give a number from 1 to 65535.`);
const refusal = await clearLeftovers(dataDir, withWeb, say);
if (refusal) fail(refusal);

const external = process.env.DATABASE_URL;
let cluster: Cluster | undefined;
async function startDatabase(): Promise<string> {
  if (external) return external;
  cluster = await startCluster(dataDir);
  if (cluster.adopted) say(`PostgreSQL was still running from an earlier start (process ${cluster.pid}); using it.`);
  return cluster.url;
}
const databaseUrl = await startDatabase().catch((error: Error) => fail(error.message));
await migrateDatabase(databaseUrl).catch((error: Error) =>
  fail(`The database could not be brought up to date: ${error.message}`),
);

const wanted = Number(values.port ?? 3000);
const port = withWeb ? await freePort(wanted) : 0;
if (withWeb && port !== wanted) {
  if (values.port !== undefined) {
    if (!external && !cluster?.adopted) await stopCluster(dataDir);
    fail(`Port ${wanted} is busy: stop what listens there, or choose another with --port.`);
  }
  say(`Port ${wanted} is busy; using ${port} instead.`);
}
const url = withWeb ? (process.env.PUBLIC_URL ?? `http://localhost:${port}`) : null;
const env = {
  ...process.env,
  DATABASE_URL: databaseUrl,
  WARMSTART_DATA: dataDir,
  ...(url ? { PUBLIC_URL: url } : {}),
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
};

const pids: { supervisor: number; web: number | null; worker: number | null; postgres: number | null } = {
  supervisor: process.pid,
  web: null,
  worker: null,
  postgres: cluster?.pid ?? null,
};
const startedAt = new Date().toISOString();
const record = () => writeRunFile({ url, databaseUrl, dataDir, pids: { ...pids }, startedAt });

const service = (name: 'web' | 'worker', args: string[]) =>
  new Service({
    name: name === 'web' ? 'web process' : 'worker',
    args: ['--disable-warning=ExperimentalWarning', ...args],
    env,
    cwd: root,
    logFile: join(dataDir, 'logs', `${name}.log`),
    say,
    onStart: (pid) => {
      pids[name] = pid;
      record();
    },
  });
const worker = service('worker', [join(root, 'workers/main.ts')]);
const web = service('web', [
  join(root, 'node_modules/next/dist/bin/next'),
  'start',
  '-p',
  String(port),
  '-H',
  values.host,
]);

let ending = false;
/** Stops everything in order; with `keepDatabase` the cluster stays for whoever takes over. */
async function end(code: number, keepDatabase = false): Promise<never> {
  if (ending) return new Promise(() => undefined);
  ending = true;
  await Promise.all([web.stop(), worker.stop()]);
  if (!external && !keepDatabase) await stopCluster(dataDir);
  if (readRunFile(dataDir)?.pids.supervisor === process.pid) removeRunFile(dataDir);
  process.exit(code);
}
process.on('SIGINT', () => {
  if (!ending) say('\nStopping …');
  void end(0);
});
process.on('SIGTERM', () => void end(0));
process.on('SIGHUP', () => void end(0));
process.on('SIGUSR2', () => void end(0, true));

// A killed PostgreSQL is started again on the same port; web and worker reconnect by themselves.
if (!external) {
  setInterval(async () => {
    if (ending || isAlive(cluster?.pid, 'postgres')) return;
    say('PostgreSQL ended; starting it again.');
    try {
      cluster = await startCluster(dataDir);
      pids.postgres = cluster.pid;
      record();
    } catch (error) {
      say((error as Error).message);
    }
  }, 500);
}

record();
worker.start();
if (withWeb) {
  try {
    await buildWeb(root, process.env.NEXT_DIST_DIR ?? '.next', say);
  } catch (error) {
    say((error as Error).message);
    await end(1);
  }
  web.start();
  for (let waited = 0; ; waited += 100) {
    const healthy = await fetch(`http://127.0.0.1:${port}/api/health`).then(
      (r) => r.ok,
      () => false,
    );
    if (healthy) break;
    if (waited > 60_000) {
      say(`The web process does not answer. The end of its log:\n${web.tail()}`);
      await end(1);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  console.log(`\n  Warmstart is running at ${url}\n  State in ${dataDir}. Ctrl-C stops it.\n`);
} else {
  console.log('ready');
  const seconds = Number(values['idle-seconds'] ?? 0);
  if (seconds > 0) void idleFor(databaseUrl, seconds).then(() => end(0));
}
