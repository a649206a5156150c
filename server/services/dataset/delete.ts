import { eq, inArray } from 'drizzle-orm';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { tasks } from '#db/schema/searches.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { removeBlobs } from '../project/blobs.ts';
import { authorize } from '../scopes.ts';
import { findDependents } from './dependents.ts';

/** Deletes a data set with all versions and what depends on them, rows first and then blobs. */
export async function deleteDataset(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const access = await authorize(ctx, 'dataset.delete', { datasetId: input.id });
  const found = await ctx.db.transaction(async (tx) => {
    const versions = await tx
      .select({ id: datasetVersions.id, source: datasetVersions.sourceKey })
      .from(datasetVersions)
      .where(eq(datasetVersions.datasetId, input.id));
    const dependents = await findDependents(tx, input.id);
    const taskRows = versions.length
      ? await tx
          .select({ id: tasks.id })
          .from(tasks)
          .where(
            inArray(
              tasks.datasetVersionId,
              versions.map((version) => version.id),
            ),
          )
      : [];
    await tx.delete(datasets).where(eq(datasets.id, input.id));
    await recordAudit(tx, ctx, {
      ...access,
      action: 'dataset.delete',
      subject: `dataset:${input.id}`,
      detail: { versions: versions.length, searches: dependents.searches.length, models: dependents.models.length },
    });
    return {
      // A version with other types reads the source of the version before it.
      keys: versions.map((version) => version.source),
      prefixes: [
        ...versions.map((version) => `datasets/${version.id}`),
        ...taskRows.map((task) => `tasks/${task.id}`),
        ...dependents.searches.map((search) => `searches/${search.id}`),
        ...dependents.models.map((model) => `models/${model.id}`),
      ],
    };
  });
  await removeBlobs(ctx, found);
}
