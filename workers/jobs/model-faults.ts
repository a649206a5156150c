/** Looks for faults in the rows of a finished model: outside every budget, once the person has the model. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { modelKeys } from '#server/services/model/create.ts';
import { beginFaults, settleFaults } from '#server/services/model/look-for-faults.ts';
import { splitSeed } from '#server/services/search/task.ts';
import type { FaultsInput } from '../trainers/faults.ts';
import type { Worker } from '../worker.ts';
import { boundedly } from './bounded.ts';
import { withLease } from './lease.ts';
import { patiently } from './patience.ts';
import { leaseNames } from './watch.ts';

const mostSeconds = 600;

/** Safe to run twice: what was looked through already is left alone. */
export async function findModelFaults(worker: Worker, modelId: string): Promise<void> {
  await withLease(worker, leaseNames.faults(modelId), async () => {
    const begun = await patiently(worker, () => beginFaults(worker, modelId));
    if (!begun) return;
    const settle = (state: 'ready' | 'failed') => patiently(worker, () => settleFaults(worker, modelId, state));
    await boundedly(
      worker,
      'model',
      modelId,
      () => settle('failed'),
      async () => {
        try {
          const found = await look(worker, modelId, begun);
          if (found !== 'stopped') await settle(found ? 'ready' : 'failed');
        } catch (error) {
          worker.log.error({ err: error, model: modelId }, 'looking for faults failed');
          await settle('failed');
        }
      },
    );
  });
}

type Begun = NonNullable<Awaited<ReturnType<typeof beginFaults>>>;

async function look(worker: Worker, modelId: string, { search, task, version, testVersion }: Begun) {
  const { blobs } = worker;
  const keys = modelKeys(modelId);
  const folder = join(worker.scratch, `faults-${modelId}`);
  await mkdir(folder, { recursive: true });
  try {
    const input: FaultsInput = {
      seal: {
        tablePath: await blobs.localPath(version.parquetKey as string),
        separateTest: Boolean(testVersion?.parquetKey),
        target: task.target,
        kind: task.kind,
        split: task.split,
        testFraction: task.testFraction,
        seed: splitSeed,
      },
      preparedPath: await blobs.localPath(search.preparedKey as string),
      outOfFoldPath: await blobs.localPath(keys.outOfFold),
      reportPath: await blobs.localPath(keys.report),
      seed: search.seed,
      faultsPath: join(folder, 'faults.json'),
    };
    const outcome = await worker.service.run<{ found: unknown }>('faults', input, {
      deadline: Date.now() + 1000 * mostSeconds,
      signal: worker.shutDown.signal,
    });
    if (outcome.kind === 'cancelled') return 'stopped';
    if (outcome.kind !== 'done') {
      worker.log.warn({ model: modelId, outcome }, 'no faults were found out');
      return false;
    }
    await blobs.putFile(keys.faults, input.faultsPath);
    worker.log.info({ model: modelId, ...outcome.value }, 'looked for faults');
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
