/** Everything a project keeps in the blob store: deletion deletes. */
import { eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { datasets, datasetVersions, uploads } from '#db/schema/datasets.ts';
import { models } from '#db/schema/models.ts';
import { searches, tasks } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';

export interface ProjectBlobs {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/** Reads which blobs belong to a project; call it in the transaction that deletes the rows, before it does. */
export async function projectBlobs(tx: Executor, projectId: string): Promise<ProjectBlobs> {
  const uploaded = await tx.select({ key: uploads.blobKey }).from(uploads).where(eq(uploads.projectId, projectId));
  const versions = await tx
    .select({ id: datasetVersions.id, source: datasetVersions.sourceKey })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(datasets.projectId, projectId));
  const taskRows = await tx.select({ id: tasks.id }).from(tasks).where(eq(tasks.projectId, projectId));
  const searchRows = await tx.select({ id: searches.id }).from(searches).where(eq(searches.projectId, projectId));
  const modelRows = await tx.select({ id: models.id }).from(models).where(eq(models.projectId, projectId));
  return {
    keys: versions.map((row) => row.source),
    prefixes: [
      // An upload is a folder of parts.
      ...uploaded.map((row) => row.key),
      ...versions.map((row) => `datasets/${row.id}`),
      ...taskRows.map((row) => `tasks/${row.id}`),
      ...searchRows.map((row) => `searches/${row.id}`),
      ...modelRows.map((row) => `models/${row.id}`),
    ],
  };
}

/** Removes blobs after the rows are gone. One that cannot be removed is logged; the others still go. */
export async function removeBlobs(
  { blobs, log }: Pick<ServiceContext, 'blobs' | 'log'>,
  found: ProjectBlobs,
): Promise<void> {
  const removals = [
    ...[...new Set(found.keys)].map((key) => () => blobs.remove(key)),
    ...found.prefixes.map((prefix) => () => blobs.removePrefix(prefix)),
  ];
  for (const remove of removals) {
    await remove().catch((error: unknown) =>
      log.error({ err: error }, 'a blob of a deleted thing could not be removed'),
    );
  }
}
