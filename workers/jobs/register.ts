/** Connects queues to their processors. */
import type { QueueHandle } from '#server/queue/index.ts';
import type { Worker } from '../worker.ts';
import { ingestDataset } from './dataset-ingest.ts';
import { judgeDatasetSplits } from './dataset-splits.ts';
import { findModelFaults } from './model-faults.ts';
import { finalizeModel } from './model-finalize.ts';
import { predictModel } from './model-predict.ts';
import { replayReceipt } from './model-replay.ts';
import { prepareSearch } from './search-prepare.ts';
import { stepSearch } from './search-step.ts';
import { judgeTrial } from './trial-judge.ts';
import { trainTrials } from './trial-train.ts';

export async function registerJobs(worker: Worker, queue: QueueHandle): Promise<void> {
  const trialSlots = worker.config.workers.concurrency;
  await Promise.all([
    queue.work('search.step', { concurrency: 2 }, ({ searchId }) => stepSearch(worker, searchId)),
    queue.work('trial.train', { concurrency: trialSlots }, () => trainTrials(worker)),
    queue.work('trial.judge', { concurrency: 2 }, ({ searchId, trialId }) => judgeTrial(worker, searchId, trialId)),
    queue.work('search.prepare', { concurrency: 1 }, ({ searchId }) => prepareSearch(worker, searchId)),
    queue.work('model.finalize', { concurrency: 2 }, ({ searchId }) => finalizeModel(worker, searchId)),
    queue.work('model.faults', { concurrency: 1 }, ({ modelId }) => findModelFaults(worker, modelId)),
    queue.work('model.replay', { concurrency: 1 }, ({ replayId }) => replayReceipt(worker, replayId)),
    queue.work('model.predict', { concurrency: 1 }, ({ predictionId }) => predictModel(worker, predictionId)),
    queue.work('dataset.splits', { concurrency: 1 }, ({ splitReportId }) => judgeDatasetSplits(worker, splitReportId)),
    queue.work('dataset.ingest', { concurrency: 1 }, ({ versionId }) =>
      ingestDataset(worker, versionId, worker.shutDown.signal),
    ),
  ]);
}
