/** The job queue: pg-boss on the product's own PostgreSQL, enqueueing inside the caller's transaction. */
import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { Executor } from '#db/client.ts';
import { type JobData, type JobName, jobKey, jobNames, jobSchemas, queueOptions } from './jobs.ts';

export type { JobData, JobName } from './jobs.ts';

export interface SendOptions {
  /** Higher first; 0 by default. */
  readonly priority?: number;
  /** Seconds to wait before the job may begin. */
  readonly afterSeconds?: number;
}

export interface Queue {
  /** Enqueues within `tx`: the job exists exactly when the transaction commits. A job of equal key that waits already absorbs it. */
  send<J extends JobName>(tx: Executor, job: J, data: JobData<J>, options?: SendOptions): Promise<void>;
}

export interface QueueHandle extends Queue {
  /** Runs `handler` for each job, `concurrency` at a time. A rejected handler marks the job failed. */
  work<J extends JobName>(
    job: J,
    options: { readonly concurrency: number },
    handler: (data: JobData<J>, signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
  /** Stops fetching and waits up to `graceSeconds` for running handlers. */
  close(graceSeconds?: number): Promise<void>;
}

export interface QueueOptions {
  /** Only workers watch over heartbeats and clean up; senders just enqueue. */
  readonly role: 'sender' | 'worker';
  /** Told of connection trouble (pg-boss reconnects by itself) and of handlers that rejected. */
  readonly onError?: (error: Error) => void;
}

/** Opens the queue; creates its tables and queues on first use. */
export async function openQueue(databaseUrl: string, options: QueueOptions): Promise<QueueHandle> {
  const working = options.role === 'worker';
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: working ? 8 : 2,
    supervise: working,
    schedule: false,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    registerInstance: false,
    useListenNotify: working,
  });
  boss.on('error', (error) => options.onError?.(error));
  await boss.start();
  const known = new Set((await boss.getQueues()).map((queue) => queue.name));
  for (const job of jobNames) if (!known.has(job)) await boss.createQueue(job, queueOptions);

  return {
    async send(tx, job, data, sendOptions = {}) {
      await boss.send(job, jobSchemas[job].parse(data), {
        db: fromDrizzle(tx, sql),
        singletonKey: jobKey(job, data),
        priority: sendOptions.priority ?? 0,
        ...(sendOptions.afterSeconds === undefined ? {} : { startAfter: sendOptions.afterSeconds }),
      });
    },
    async work(job, { concurrency }, handler) {
      const lane = async () => {
        let id: string | undefined;
        id = await boss.work(
          job,
          { batchSize: 1, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 5 },
          async ([task]) => {
            if (!task) return;
            try {
              await handler(jobSchemas[job].parse(task.data) as never, task.signal);
            } catch (error) {
              options.onError?.(error as Error);
              throw error;
            } finally {
              // Look for the next job at once. Without it short jobs, such as those of trials that another job has
              // already taken, would drain at one a polling interval and hold up the next search.
              if (id) boss.notifyWorker(id);
            }
          },
        );
      };
      // One registration a lane, since only a registration can be woken.
      await Promise.all(Array.from({ length: concurrency }, lane));
    },
    close: (graceSeconds = 5) => boss.stop({ graceful: true, timeout: graceSeconds * 1000, close: true }),
  };
}
