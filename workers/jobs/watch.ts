/**
 * Finds work that nobody does any more (its worker was killed, a notification got lost) and sends it again. Everything
 * it sends is claimed by compare-and-set, so sending too much is harmless.
 */
import { hostname } from 'node:os';
import { and, eq, inArray, lt, or } from 'drizzle-orm';
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
      await this.wakeReadings();
      await this.wakeSplits();
      await this.wakeLooks();
      await this.wakePredictions();
      await this.wakeReplays();
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

  /** Sends again what was begun a while ago but that nobody is at, or whose job got lost: the ids of `open`. */
  private async wake(
    open: (before: Date) => PromiseLike<readonly { readonly id: string }[]>,
    lease: (id: string) => string,
    send: (id: string) => Promise<unknown>,
  ): Promise<void> {
    const found = await open(new Date(this.worker.now().getTime() - silentMs));
    for (const { id } of found) if (!(await isLeased(this.worker.db, lease(id)))) await send(id);
  }

  private wakeReadings(): Promise<void> {
    const { db, queue } = this.worker;
    return this.wake(
      (before) =>
        db
          .select({ id: datasetVersions.id })
          .from(datasetVersions)
          .where(and(inArray(datasetVersions.state, ['queued', 'reading']), lt(datasetVersions.createdAt, before))),
      leaseNames.ingest,
      (versionId) => queue.send(db, 'dataset.ingest', { versionId }),
    );
  }

  private wakeSplits(): Promise<void> {
    const { db, queue } = this.worker;
    return this.wake(
      (before) =>
        db
          .select({ id: splitReports.id })
          .from(splitReports)
          .where(and(inArray(splitReports.state, ['queued', 'running']), lt(splitReports.createdAt, before))),
      leaseNames.splits,
      (splitReportId) => queue.send(db, 'dataset.splits', { splitReportId }),
    );
  }

  private wakeLooks(): Promise<void> {
    const { db, queue } = this.worker;
    return this.wake(
      (before) =>
        db
          .select({ id: models.id })
          .from(models)
          .where(and(eq(models.faultsState, 'queued'), lt(models.createdAt, before))),
      leaseNames.faults,
      (modelId) => queue.send(db, 'model.faults', { modelId }),
    );
  }

  private wakeReplays(): Promise<void> {
    const { db, queue } = this.worker;
    return this.wake(
      (before) =>
        db
          .select({ id: replays.id })
          .from(replays)
          .where(and(inArray(replays.state, ['queued', 'running']), lt(replays.createdAt, before))),
      leaseNames.replay,
      (replayId) => queue.send(db, 'model.replay', { replayId }),
    );
  }

  private wakePredictions(): Promise<void> {
    const { db, queue } = this.worker;
    return this.wake(
      (before) =>
        db
          .select({ id: predictions.id })
          .from(predictions)
          .where(and(inArray(predictions.state, ['queued', 'running']), lt(predictions.createdAt, before))),
      leaseNames.predict,
      (predictionId) => queue.send(db, 'model.predict', { predictionId }),
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
