/** Reads an uploaded file: Parquet, profile, preview and sample into the blob store, then the version is ready or failed. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq, inArray } from 'drizzle-orm';
import type { DataErrorDetail } from '#core/contracts/dataset.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { projects, workspaces } from '#db/schema/workspaces.ts';
import { beginAttempt, endAttempt, maxAttempts } from '#server/services/attempts.ts';
import type { Services } from '#server/services/context.ts';
import { sampleKey } from '#server/services/dataset/read-sample.ts';
import { hashContent } from '../data/content-hash.ts';
import { DataError, isDataError } from '../data/data-error.ts';
import { ingestFile } from '../data/ingest-file.ts';
import { withLease } from './lease.ts';
import { leaseNames } from './watch.ts';

type Version = typeof datasetVersions.$inferSelect;

/**
 * Safe to run twice: what is read already is left alone.
 * @param signal stops the reading; the version then stays `reading` and the job may run again
 */
export async function ingestDataset(services: Services, versionId: string, signal?: AbortSignal): Promise<void> {
  // The lease goes with the process: the watch sends the job again when its worker was killed.
  await withLease(services, leaseNames.ingest(versionId), () => claim(services, versionId, signal));
}

async function claim(services: Services, versionId: string, signal: AbortSignal | undefined): Promise<void> {
  const { db, log } = services;
  const [version] = await db
    .update(datasetVersions)
    .set({ state: 'reading' })
    .where(and(eq(datasetVersions.id, versionId), inArray(datasetVersions.state, ['queued', 'reading'])))
    .returning();
  if (!version) return;
  const started = performance.now();
  try {
    if (!(await beginAttempt(services, 'version', versionId))) throw new DataError(deadly(version.sourceName));
    await readVersion(services, version, signal);
    log.info({ versionId, ms: Math.round(performance.now() - started) }, 'data set read');
    await endAttempt(services, 'version', versionId);
  } catch (error) {
    if (signal?.aborted) await endAttempt(services, 'version', versionId).catch(() => undefined);
    signal?.throwIfAborted();
    if (!isDataError(error)) log.error({ err: error, versionId }, 'reading a data set failed');
    const detail: DataErrorDetail = isDataError(error)
      ? error.detail
      : {
          message: 'The file could not be read because of a fault on the server.',
          file: version.sourceName,
          fix: 'Try again; if it stays, tell whoever runs this server to look into the worker log.',
        };
    const { parquet, preview, sample } = outputs(versionId);
    for (const key of [parquet, preview, `${preview}.index`, sample])
      await services.blobs.remove(key).catch(() => undefined);
    await db
      .update(datasetVersions)
      .set({ state: 'failed', error: detail })
      .where(and(eq(datasetVersions.id, versionId), eq(datasetVersions.state, 'reading')));
  }
}

/** Native code read the file, and took its process along: there is no error to pass on. */
const deadly = (file: string): DataErrorDetail => ({
  message: `The process that reads files died ${maxAttempts} times at this one.`,
  file,
  fix: 'Upload a sample of the rows, or the table in another format (CSV or Parquet); whoever runs this server may look whether the machine is short of memory.',
});

function outputs(versionId: string) {
  return {
    parquet: `datasets/${versionId}/table.parquet`,
    preview: `datasets/${versionId}/preview.jsonl`,
    sample: sampleKey(versionId),
  };
}

async function readVersion(services: Services, version: Version, signal: AbortSignal | undefined): Promise<void> {
  const { db, blobs, config } = services;
  const scratch = join(config.dataDir, 'scratch');
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, 'ingest-'));
  try {
    const paths = {
      parquet: join(folder, 'table.parquet'),
      preview: join(folder, 'preview.jsonl'),
      sample: join(folder, 'sample.bin'),
    };
    const profile = await ingestFile({
      path: await blobs.localPath(version.sourceKey),
      fileName: version.sourceName,
      typeOverrides: version.typeOverrides,
      excludedRows: version.excludedRows,
      limits: {
        rows: await rowLimit(services, version),
        columns: config.limits.columns,
        bytes: 4 * config.limits.uploadBytes,
      },
      parquetPath: paths.parquet,
      previewPath: paths.preview,
      samplePath: paths.sample,
      ...(signal ? { signal } : {}),
    });
    const keys = outputs(version.id);
    const { bytes } = await blobs.putFile(keys.parquet, paths.parquet);
    await blobs.putFile(keys.preview, paths.preview);
    await blobs.putFile(`${keys.preview}.index`, `${paths.preview}.index`);
    await blobs.putFile(keys.sample, paths.sample);
    await db
      .update(datasetVersions)
      .set({
        state: 'ready',
        profile,
        rows: profile.rows,
        contentHash: hashContent(version.sourceSha256, profile, version.excludedRows),
        parquetKey: keys.parquet,
        parquetBytes: bytes,
        previewKey: keys.preview,
        error: null,
        readyAt: services.now(),
      })
      .where(eq(datasetVersions.id, version.id));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The workspace's quota where it has one, else the server's. */
async function rowLimit({ db, config }: Services, version: Version): Promise<number> {
  const [row] = await db
    .select({ maxRows: workspaces.maxRows })
    .from(datasets)
    .innerJoin(projects, eq(projects.id, datasets.projectId))
    .innerJoin(workspaces, eq(workspaces.id, projects.workspaceId))
    .where(eq(datasets.id, version.datasetId));
  return row?.maxRows ?? config.limits.rows;
}
