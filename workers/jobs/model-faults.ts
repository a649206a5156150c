/** Looks into a finished model, for faults in its rows, weak spots and effects: outside every budget, once the person has it. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { modelKeys } from '#server/services/model/create.ts';
import { beginFaults, settleFaults } from '#server/services/model/look-for-faults.ts';
import { splitSeed } from '#server/services/search/task.ts';
import type { FaultsInput } from '../trainers/faults.ts';
import type { InsightsInput } from '../trainers/insights.ts';
import type { Worker } from '../worker.ts';
import { boundedly } from './bounded.ts';
import { withLease } from './lease.ts';
import { patiently } from './patience.ts';
import { leaseNames } from './watch.ts';

const mostSeconds = 600;
/** Of one core: a search that comes next shall hardly notice. */
const explainSeconds = 10;

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

/** @returns whether faults were looked for; weak spots and effects may be lacking where they could not be found out */
async function look(worker: Worker, modelId: string, { search, task, version, testVersion }: Begun) {
  const { blobs } = worker;
  const keys = modelKeys(modelId);
  const folder = join(worker.scratch, `faults-${modelId}`);
  await mkdir(folder, { recursive: true });
  try {
    const common = {
      preparedPath: await blobs.localPath(search.preparedKey as string),
      outOfFoldPath: await blobs.localPath(keys.outOfFold),
      reportPath: await blobs.localPath(keys.report),
      seed: search.seed,
    };
    const faults: FaultsInput = {
      ...common,
      seal: {
        tablePath: await blobs.localPath(version.parquetKey as string),
        separateTest: Boolean(testVersion?.parquetKey),
        target: task.target,
        kind: task.kind,
        split: task.split,
        testFraction: task.testFraction,
        seed: splitSeed,
      },
      faultsPath: join(folder, 'faults.json'),
    };
    const found = await run(worker, modelId, 'faults', faults, { key: keys.faults, path: faults.faultsPath });
    if (found === 'stopped') return 'stopped';
    const insights: InsightsInput = {
      ...common,
      modelPath: await blobs.localPath(keys.onnx),
      seconds: explainSeconds,
      insightsPath: join(folder, 'insights.json'),
    };
    const file = { key: keys.insights, path: insights.insightsPath };
    return (await run(worker, modelId, 'insights', insights, file)) === 'stopped' ? 'stopped' : found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs one task in a child process and keeps the file that it writes. */
async function run(
  worker: Worker,
  modelId: string,
  name: 'faults' | 'insights',
  input: FaultsInput | InsightsInput,
  file: { readonly key: string; readonly path: string },
): Promise<boolean | 'stopped'> {
  const outcome = await worker.service.run<object>(name, input, {
    deadline: Date.now() + 1000 * mostSeconds,
    signal: worker.shutDown.signal,
  });
  if (outcome.kind === 'cancelled') return 'stopped';
  if (outcome.kind !== 'done') {
    worker.log.warn({ model: modelId, outcome }, `no ${name} were found out`);
    return false;
  }
  await worker.blobs.putFile(file.key, file.path);
  worker.log.info({ model: modelId, ...outcome.value }, `looked for ${name}`);
  return true;
}
