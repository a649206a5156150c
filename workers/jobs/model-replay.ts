/** Runs the receipt of a model again, beside searches: in one process of its own, on the files as they were uploaded. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maxAttempts } from '#server/services/attempts.ts';
import { modelKeys } from '#server/services/model/create.ts';
import { type BegunReplay, beginReplay, settleReplay } from '#server/services/model/run-replay.ts';
import { isDataError } from '../data/data-error.ts';
import { TrialPool } from '../runtime/trial-pool.ts';
import type { TableFile } from '../trainers/replay/open-data.ts';
import { readReceipt, UnreadableReceiptError } from '../trainers/replay/read-receipt.ts';
import { replay } from '../trainers/replay/replay.ts';
import type { Worker } from '../worker.ts';
import { boundedly } from './bounded.ts';
import { withLease } from './lease.ts';
import { patiently } from './patience.ts';
import { leaseNames } from './watch.ts';

/** Safe to run twice: what was replayed already is left alone. */
export async function replayReceipt(worker: Worker, replayId: string): Promise<void> {
  await withLease(worker, leaseNames.replay(replayId), async () => {
    const settle = (outcome: Parameters<typeof settleReplay>[2]) =>
      patiently(worker, () => settleReplay(worker, replayId, outcome));
    const giveUp = () => settle(`The worker died ${maxAttempts} times while replaying this model.`);
    await boundedly(worker, 'replay', replayId, giveUp, async () => {
      try {
        const begun = await patiently(worker, () => beginReplay(worker, replayId));
        if (!begun) return;
        const outcome = await run(worker, replayId, begun);
        if (outcome) await settle(outcome);
      } catch (error) {
        if (worker.shutDown.signal.aborted) return;
        worker.log.error({ err: error, replay: replayId }, 'replaying failed');
        const known = error instanceof UnreadableReceiptError || isDataError(error);
        await settle(known ? error.message : 'The receipt could not be replayed.');
      }
    });
  });
}

/** @returns undefined where the worker ends first: another one begins anew */
async function run(worker: Worker, replayId: string, { modelId, version, testVersion, all }: BegunReplay) {
  const { blobs, config, shutDown } = worker;
  const folder = join(worker.scratch, `replay-${replayId}`);
  await mkdir(folder, { recursive: true });
  // Not those of searches, whose budgets count: nobody waits for a replay.
  const pool = new TrialPool({ size: 1, megabytes: config.limits.trialMegabytes });
  const stop = () => pool.close();
  shutDown.signal.addEventListener('abort', stop, { once: true });
  try {
    const file = async (one: typeof version): Promise<TableFile> => ({
      path: await blobs.localPath(one.sourceKey),
      name: one.sourceName,
    });
    const report = await replay({
      read: await readReceipt(await blobs.localPath(modelKeys(modelId).bundle)),
      files: { data: await file(version), test: testVersion && (await file(testVersion)) },
      all,
      folder,
      modelPath: join(folder, 'model.onnx'),
      pool,
    });
    if (shutDown.signal.aborted) return undefined;
    worker.log.info({ model: modelId, same: report.same, seconds: report.seconds }, 'replayed');
    return report;
  } finally {
    shutDown.signal.removeEventListener('abort', stop);
    pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}
