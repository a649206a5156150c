/** The faults that were found in the rows a model was trained on, a page at a time. */
import { eq } from 'drizzle-orm';
import type { FaultKind, FaultPage, FaultReport } from '#core/contracts/faults.ts';
import { datasetVersions } from '#db/schema/datasets.ts';
import { searches, tasks } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { modelKeys } from './create.ts';
import { loadModel } from './load.ts';

export async function listFaults(
  ctx: ServiceContext,
  input: { id: string; kind: FaultKind; offset: number; limit: number },
): Promise<FaultPage> {
  const { model } = await loadModel(ctx, 'model.read', input.id);
  const [version] = await ctx.db
    .select({ id: datasetVersions.id, number: datasetVersions.number, datasetId: datasetVersions.datasetId })
    .from(searches)
    .innerJoin(tasks, eq(tasks.id, searches.taskId))
    .innerJoin(datasetVersions, eq(datasetVersions.id, tasks.datasetVersionId))
    .where(eq(searches.id, model.searchId));
  const base = {
    versionId: version?.id ?? null,
    versionNumber: version?.number ?? null,
    datasetId: version?.datasetId ?? null,
  };
  if (model.faultsState !== 'ready')
    return { ...base, state: model.faultsState ?? 'none', report: null, faults: [], listed: 0 };
  const text = new TextDecoder().decode(await ctx.blobs.get(modelKeys(model.id).faults));
  const { faults, schema: _, ...report } = JSON.parse(text) as FaultReport;
  const all = faults[input.kind];
  const page = all.slice(input.offset, input.offset + input.limit);
  return { ...base, state: 'ready', report, faults: page, listed: all.length };
}
