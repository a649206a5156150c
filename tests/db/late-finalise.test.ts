/** Finalising on a machine that stands still: the process is stopped as a whole, and later goes on. */
import { Readable } from 'node:stream';
import { and, eq, ne } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { searches, trials } from '#db/schema/searches.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import { usableTrialOf } from '#server/services/search/usable.ts';
import type { RunOptions, TrialPool } from '#workers/runtime/trial-pool.ts';
import type { TaskOutcome } from '#workers/runtime/trial-protocol.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { readVersion } from './small-model.ts';
import { classTable } from './table.ts';
import { startTestWorker, type TestWorker, until } from './worker.ts';

let services: TestServices;
let worker: TestWorker;
beforeAll(async () => {
  services = await openTestServices();
  worker = await startTestWorker(services);
}, 60_000);
afterAll(async () => {
  await worker?.stop();
  await services?.close();
});

const budgetSeconds = 60;
/** Longer than two attempts get that are not the last one, shorter than what hangs. */
const stillSeconds = 24;

/** Stops every process that finalises, the moment it begins, until so many seconds after the first of them did. */
function standStill(pool: TrialPool, seconds: number): { begun: () => number } {
  const { run } = pool;
  let [begun, end] = [0, 0];
  const stop = (pid: number) => {
    begun++;
    end ||= Date.now() + 1000 * seconds;
    if (Date.now() > end) return;
    process.kill(pid, 'SIGSTOP');
    setTimeout(() => {
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // It was killed while it stood still.
      }
    }, end - Date.now());
  };
  pool.run = (task: string, input: unknown, options: RunOptions) =>
    run.call(pool, task, input, task === 'finalise' ? { ...options, onStart: stop } : options) as Promise<
      TaskOutcome<never>
    >;
  return { begun: () => begun };
}

test('where time runs out, the model is made of the trial whose file is usable already, not of the baseline', async () => {
  const me = await owner(services, 'late');
  const body = Readable.from([Buffer.from(classTable(300))]);
  const { versionId } = await createDataset(me.ctx.service, { projectId: me.projectId, fileName: 'a.csv', body });
  await readVersion(me, versionId);
  const still = standStill(worker.worker.service, stillSeconds);
  const { searchId } = await me.call.search.start({
    datasetVersionId: versionId,
    target: 'left',
    kind: 'classification',
    metric: 'roc_auc',
    positiveClass: 'yes',
    budgetSeconds,
    reuse: false,
    seed: 3,
  });
  const searchNow = async () => (await services.db.select().from(searches).where(eq(searches.id, searchId)))[0];
  const learners = () =>
    services.db
      .select({ id: trials.id })
      .from(trials)
      .where(and(eq(trials.searchId, searchId), eq(trials.state, 'done'), ne(trials.learner, 'baseline')));
  const usable = await until(async () => {
    const trial = usableTrialOf((await searchNow())?.provisionalKey ?? null);
    return (await learners()).some(({ id }) => id === trial) && trial;
  });
  // The budget is over at once: an attempt that is not the last gets a few seconds.
  services.advance(budgetSeconds);
  const view = await until(async () => {
    const found = await me.call.search.get({ id: searchId });
    return ['ready', 'failed'].includes(found.state) && found;
  }, 200);
  expect(view.error).toBeNull();
  expect(still.begun()).toBe(2);
  const kept = usableTrialOf((await searchNow())?.provisionalKey ?? null);
  const [trial] = await services.db
    .select()
    .from(trials)
    .where(eq(trials.id, String(kept ?? usable)));
  expect(trial?.learner).not.toBe('baseline');
  expect(view.result?.model?.members).toEqual([expect.objectContaining({ learner: trial?.learner, weight: 1 })]);
}, 300_000);
