/**
 * Finds work that nobody does any more (its worker was killed, a notification got lost) and sends it again. Everything
 * it sends is claimed by compare-and-set, so sending too much is harmless.
 */
import { hostname } from 'node:os';
import { and, eq, inArray, lt, or, type SQL } from 'drizzle-orm';
import { datasetVersions, splitReports } from '#db/schema/datasets.ts';
import { models, predictions, replays } from '#db/schema/models.ts';
import { searches, trials } from '#db/schema/searches.ts';
import { withSearch } from '#server/services/search/lock.ts';
import { isHandedIn } from '#server/services/trial/owner.ts';
import { releaseTrial } from '#server/services/trial/release.ts';
import type { Worker } from '../worker.ts';
import { isLeased } from './lease.ts';

const everyMs = 2000;
/** A running trial without a heartbeat for this long has lost its worker. */
const silentMs = 10_000;

export const leaseNames = {
  prepare: (searchId: string) => `prepare:${searchId}`,
  finalize: (searchId: string) => `finalize:${searchId}`,
  ingest: (versionId: string) => `ingest:${versionId}`,
  splits: (splitReportId: string) => `splits:${splitReportId}`,
  faults: (modelId: string) => `faults:${modelId}`,
  predict: (predictionId: string) => `predict:${predictionId}`,
  replay: (replayId: string) => `replay:${replayId}`,
};

/** What a job of its own is at, one row a job. */
type Woken = typeof datasetVersions | typeof splitReports | typeof models | typeof predictions | typeof replays;

/** Whether `worker` (`host:process`) ran on this machine and is gone. */
function isDeadHere(worker: string): boolean {
  const [host, pid] = worker.split(':');
  if (host !== hostname() || !pid) return false;
  if (Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

export class Watch {
  private readonly worker: Worker;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(worker: Worker) {
    this.worker = worker;
  }

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(async () => {
      await this.sweep();
      this.start();
    }, everyMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** One look at all live searches. Never rejects. */
  async sweep(): Promise<void> {
    try {
      await this.releaseOrphans();
      await this.wakeSearches();
      await this.wakeJobs();
    } catch (error) {
      this.worker.log.warn({ err: error }, 'the watch could not look');
    }
  }

  private async releaseOrphans(): Promise<void> {
    const { db } = this.worker;
    const silent = new Date(this.worker.now().getTime() - silentMs);
    const running = await db
      .select({
        id: trials.id,
        searchId: trials.searchId,
        worker: trials.worker,
        attempts: trials.attempts,
        heartbeatAt: trials.heartbeatAt,
        artifactKey: trials.artifactKey,
      })
      .from(trials)
      .where(eq(trials.state, 'running'));
    for (const trial of running) {
      const silentTooLong = !trial.heartbeatAt || trial.heartbeatAt < silent;
      if (!silentTooLong && !(trial.worker && isDeadHere(trial.worker))) continue;
      // Nobody need be alive behind a model that waits for its judge.
      if (isHandedIn(trial)) {
        await this.worker.queue.send(db, 'trial.judge', { searchId: trial.searchId, trialId: trial.id });
        continue;
      }
      await withSearch(db, trial.searchId, async (tx, search) => {
        const row = await releaseTrial(tx, search, trial, this.worker.now(), true);
        if (row) this.worker.log.warn({ trial: trial.id, worker: trial.worker, state: row.state }, 'trial released');
        await this.worker.queue.send(tx, 'search.step', { searchId: search.id });
      });
    }
  }

  /** Sends again what is `open` since a while but nobody is at, or whose job got lost. */
  private async wake(
    table: Woken,
    open: SQL,
    lease: (id: string) => string,
    send: (id: string) => Promise<unknown>,
  ): Promise<void> {
    const { db, now } = this.worker;
    const before = new Date(now().getTime() - silentMs);
    const found = await db
      .select({ id: table.id })
      .from(table)
      .where(and(open, lt(table.createdAt, before)));
    for (const { id } of found) if (!(await isLeased(db, lease(id)))) await send(id);
  }

  private async wakeJobs(): Promise<void> {
    const { db, queue } = this.worker;
    await this.wake(
      datasetVersions,
      inArray(datasetVersions.state, ['queued', 'reading']),
      leaseNames.ingest,
      (versionId) => queue.send(db, 'dataset.ingest', { versionId }),
    );
    await this.wake(
      splitReports,
      inArray(splitReports.state, ['queued', 'running']),
      leaseNames.splits,
      (splitReportId) => queue.send(db, 'dataset.splits', { splitReportId }),
    );
    await this.wake(models, eq(models.faultsState, 'queued'), leaseNames.faults, (modelId) =>
      queue.send(db, 'model.faults', { modelId }),
    );
    await this.wake(
      predictions,
      inArray(predictions.state, ['queued', 'running']),
      leaseNames.predict,
      (predictionId) => queue.send(db, 'model.predict', { predictionId }),
    );
    await this.wake(replays, inArray(replays.state, ['queued', 'running']), leaseNames.replay, (replayId) =>
      queue.send(db, 'model.replay', { replayId }),
    );
  }

  private async wakeSearches(): Promise<void> {
    const { db, queue, now } = this.worker;
    const old = new Date(now().getTime() - everyMs);
    const live = await db
      .select({ id: searches.id, state: searches.state })
      .from(searches)
      .where(
        or(
          inArray(searches.state, ['starting', 'searching', 'pausing', 'finalising', 'verifying']),
          and(eq(searches.state, 'queued'), lt(searches.createdAt, old)),
        ),
      );
    for (const { id: searchId, state } of live) {
      const job =
        state === 'searching' || state === 'pausing'
          ? 'search.step'
          : state === 'queued' || state === 'starting'
            ? 'search.prepare'
            : 'model.finalize';
      if (job === 'search.prepare' && (await isLeased(db, leaseNames.prepare(searchId)))) continue;
      if (job === 'model.finalize' && (await isLeased(db, leaseNames.finalize(searchId)))) continue;
      await queue.send(db, job, { searchId });
    }
  }
}
