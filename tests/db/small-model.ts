/** A model of a small table, made by the product's own way: uploaded, read, searched. */
import { Readable } from 'node:stream';
import type { MetricName, TaskKind } from '#core/contracts/task.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import type { owner } from './people.ts';
import { until } from './worker.ts';

type Owner = Awaited<ReturnType<typeof owner>>;

export interface SmallTable {
  readonly fileName: string;
  readonly csv: string;
  readonly target: string;
  readonly kind: TaskKind;
  readonly metric: MetricName;
}

/** Waits until a version is read. */
export const readVersion = (me: Owner, versionId: string) =>
  until(async () => {
    const version = await me.call.dataset.version({ versionId });
    if (version.state === 'failed') throw new Error(version.error?.message);
    return version.state === 'ready' && version;
  });

/** Three trials of a search of a minute; needs a worker. */
export async function makeSmallModel(me: Owner, { fileName, csv, ...task }: SmallTable) {
  const { projectId } = me;
  const made = await createDataset(me.ctx.service, { projectId, fileName, body: Readable.from([Buffer.from(csv)]) });
  await readVersion(me, made.versionId);
  const { searchId } = await me.call.search.start({
    ...task,
    datasetVersionId: made.versionId,
    budgetSeconds: 60,
    maxTrials: 3,
    reuse: false,
    seed: 3,
  });
  const modelId = await until(async () => {
    const view = await me.call.search.get({ id: searchId });
    if (view.state === 'failed') throw new Error(view.error ?? 'failed');
    return view.modelId ?? undefined;
  }, 150);
  return { ...made, modelId };
}
