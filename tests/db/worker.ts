/** A worker inside the test's process, with real child processes and the real queue. */
import { openEventHub } from '#server/events/index.ts';
import { openQueue } from '#server/queue/index.ts';
import { registerJobs } from '#workers/jobs/register.ts';
import { Watch } from '#workers/jobs/watch.ts';
import { createWorker, type Worker } from '#workers/worker.ts';
import type { TestServices } from './services.ts';

export interface TestWorker {
  readonly worker: Worker;
  stop(): Promise<void>;
}

/** @param trains whether it takes trials; one that does not leaves them to tabs */
export async function startTestWorker(services: TestServices, { trains = true } = {}): Promise<TestWorker> {
  const queue = await openQueue(services.config.databaseUrl, { role: 'worker' });
  const hub = openEventHub(services.config.databaseUrl);
  const worker = createWorker({ ...services, queue }, hub);
  const watch = new Watch(worker);
  await registerJobs(worker, {
    ...queue,
    work: (job, options, handler) =>
      job === 'trial.train' && !trains ? Promise.resolve() : queue.work(job, options, handler),
  });
  watch.start();
  return {
    worker,
    async stop() {
      watch.stop();
      worker.shutDown.abort();
      await queue.close(5);
      worker.close();
      await hub.close();
    },
  };
}

/** Asks until `ready` answers something, for at most `seconds`. */
export async function until<T>(ready: () => Promise<T | undefined | false>, seconds = 90): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const answer = await ready();
    if (answer) return answer;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`not within ${seconds} s`);
}
