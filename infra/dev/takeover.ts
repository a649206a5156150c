/** What an earlier start left behind: refuses a second product on the same state, clears orphans, takes over from the command line. */
import { isAlive, readRunFile, removeRunFile } from './run-file.ts';

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/**
 * Makes `dataDir` free for a new supervisor.
 * @returns a refusal to show, or undefined when the start may go on
 */
export async function clearLeftovers(
  dataDir: string,
  withWeb: boolean,
  say: (line: string) => void,
): Promise<string | undefined> {
  const run = readRunFile(dataDir);
  if (!run) return undefined;
  const { supervisor, web, worker } = run.pids;
  if (supervisor !== process.pid && isAlive(supervisor, 'supervise.ts')) {
    if (run.url || !withWeb)
      return `Warmstart is already running${run.url ? ` at ${run.url}` : ''} (process ${supervisor}, state in ${dataDir}). Stop it first, or use another state folder with --data DIR.`;
    // Database and worker alone, started by the command line: they hand over and the database stays up.
    process.kill(supervisor, 'SIGUSR2');
    for (let i = 0; i < 200 && isAlive(supervisor, 'supervise.ts'); i++) await wait(50);
    return undefined;
  }
  for (const [name, pid, part] of [
    ['web process', web, 'next'],
    ['worker', worker, 'workers/main.ts'],
  ] as const) {
    if (!pid || !isAlive(pid, part)) continue;
    say(`The ${name} of an earlier start was still running (process ${pid}); stopping it.`);
    process.kill(pid, 'SIGTERM');
    for (let i = 0; i < 100 && isAlive(pid, part); i++) await wait(50);
    if (isAlive(pid, part)) process.kill(pid, 'SIGKILL');
  }
  removeRunFile(dataDir);
  return undefined;
}
