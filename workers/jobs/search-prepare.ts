/** Seals the test, fits the preparation and lets the search begin. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failSearch } from '#server/services/search/fail.ts';
import { beginPreparation, completePreparation, type PreparationInput } from '#server/services/search/prepare.ts';
import { splitSeed } from '#server/services/search/task.ts';
import type { PrepareInput, PrepareResult } from '../trainers/prepare.ts';
import type { Worker } from '../worker.ts';
import { boundedlySearch } from './bounded.ts';
import { withLease } from './lease.ts';
import { patiently } from './patience.ts';
import { leaseNames } from './watch.ts';

export async function prepareSearch(worker: Worker, searchId: string): Promise<void> {
  await withLease(worker, leaseNames.prepare(searchId), async () => {
    const input = await patiently(worker, () => beginPreparation(worker, searchId));
    if (input)
      await boundedlySearch(worker, searchId, { doing: 'preparing the data', failure: 'data' }, () =>
        prepare(worker, input),
      );
  });
}

async function prepare(worker: Worker, { search, task, version, testVersion }: PreparationInput): Promise<void> {
  const { blobs } = worker;
  const scratch = join(worker.scratch, `prepare-${search.id}`);
  await mkdir(scratch, { recursive: true });
  try {
    if (!version.parquetKey || !version.profile) throw new Error('the data set version is not ready');
    const keys = {
      train: `tasks/${task.id}/train.parquet`,
      test: `tasks/${task.id}/test.parquet`,
      split: `tasks/${task.id}/split.json`,
    };
    const sealed = await blobs.exists(keys.split);
    const local = async (key: string, name: string) => (sealed ? await blobs.localPath(key) : join(scratch, name));
    const request: PrepareInput = {
      tablePath: await blobs.localPath(version.parquetKey),
      testTablePath: testVersion?.parquetKey ? await blobs.localPath(testVersion.parquetKey) : null,
      trainPath: await local(keys.train, 'train.parquet'),
      testPath: sealed ? '' : join(scratch, 'test.parquet'),
      splitPath: await local(keys.split, 'split.json'),
      target: task.target,
      kind: task.kind,
      split: task.split,
      testFraction: task.testFraction,
      seed: splitSeed,
      columns: version.profile.columns,
      positiveClass: task.positiveClass,
      costs: search.request.costs,
      monotone: search.request.monotone,
      metric: task.metric,
      budgetSeconds: search.budgetSeconds,
      preparedPath: join(scratch, 'prepared.bin'),
    };
    const outcome = await worker.service.run<PrepareResult>('prepare', request, {
      deadline: Date.now() + 1000 * Math.max(20, search.budgetSeconds),
      signal: worker.shutDown.signal,
    });
    if (outcome.kind === 'cancelled') return;
    if (outcome.kind !== 'done') {
      const message =
        outcome.kind === 'failed' && outcome.name === 'RangeError'
          ? outcome.error
          : outcome.kind === 'failed'
            ? `The data could not be prepared: ${outcome.error}`
            : outcome.kind === 'out_of_memory'
              ? `Preparing the data needs more than ${worker.config.limits.trialMegabytes} MB.`
              : 'Preparing the data took longer than the budget.';
      return await patiently(worker, () => failSearch(worker, search.id, message, 'data'));
    }
    if (!sealed) {
      await blobs.putFile(keys.test, request.testPath);
      await blobs.putFile(keys.train, request.trainPath);
      await blobs.putFile(keys.split, request.splitPath);
    }
    const preparedKey = `searches/${search.id}/prepared.bin`;
    await blobs.putFile(preparedKey, request.preparedPath);
    await patiently(worker, () => completePreparation(worker, { searchId: search.id, preparedKey, ...outcome.value }));
  } catch (error) {
    worker.log.error({ err: error, search: search.id }, 'preparation failed');
    await patiently(worker, () => failSearch(worker, search.id, 'The data could not be prepared.', 'data'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
