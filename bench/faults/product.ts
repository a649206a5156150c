/** A product of the bench's own: started, killed in parts, asked, and stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, type DatabaseHandle } from '#db/client.ts';
import { isAlive, type RunFile, readRunFile } from '#infra/dev/run-file.ts';

const root = join(import.meta.dirname, '../..');
export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
export const targets = ['worker', 'child', 'postgres', 'web'] as const;
export type Target = (typeof targets)[number];

export interface Product {
  readonly dataDir: string;
  readonly database: DatabaseHandle;
  run(): RunFile;
  /** Sends SIGKILL to one part and says which process it was. */
  kill(target: Target): Promise<number>;
  stop(): Promise<void>;
}

/** Waits until `ready` answers something; errors count as no answer, so a database that is away is waited for. */
export async function until<T>(ready: () => Promise<T | undefined | false>, seconds: number, what: string): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(100)) {
    const answer = await ready().catch(() => undefined);
    if (answer) return answer;
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

export async function startProduct(dataDir: string, withWeb: boolean): Promise<Product> {
  mkdirSync(dataDir, { recursive: true });
  const log = openSync(join(dataDir, 'supervisor.log'), 'a');
  const args = withWeb ? ['--port', String(20_000 + Math.floor(Math.random() * 20_000))] : ['--no-web'];
  const supervisor: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'infra/dev/supervise.ts'), '--data', dataDir, ...args],
    { cwd: root, stdio: ['ignore', log, log] },
  );
  const current = () => {
    const run = readRunFile(dataDir);
    if (!run) throw new Error('the product does not run');
    return run;
  };
  await until(
    async () => {
      const run = readRunFile(dataDir);
      if (supervisor.exitCode !== null) throw new Error('the product ended');
      const web = !withWeb || (run?.url && (await fetch(`${run.url}/api/health`)).ok);
      return Boolean(run?.pids.worker && web);
    },
    withWeb ? 300 : 60,
    `start of the product (${readFileSync(join(dataDir, 'supervisor.log'), 'utf8').slice(-500)})`,
  );
  const database = createDatabase(current().databaseUrl, { max: 4 });
  return {
    dataDir,
    database,
    run: current,
    async kill(target) {
      const pid = await until(async () => processOf(current(), target), 20, `a process to kill for ${target}`);
      process.kill(pid, 'SIGKILL');
      return pid;
    },
    async stop() {
      await database.close().catch(() => undefined);
      supervisor.kill('SIGTERM');
      for (let i = 0; i < 200 && supervisor.exitCode === null; i++) await pause(100);
    },
  };
}

function processOf(run: RunFile, target: Target): number | undefined {
  if (target === 'child') {
    const children = childrenOf(run.pids.worker ?? 0);
    return children[Math.floor(Math.random() * children.length)];
  }
  const pid = run.pids[target];
  return pid && isAlive(pid, target === 'postgres' ? 'postgres' : '') ? pid : undefined;
}

/** Child processes of a worker (Linux). */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // The parent is the second field after the command, which stands in brackets and may hold anything.
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}
