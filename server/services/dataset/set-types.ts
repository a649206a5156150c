import type { ColumnType } from '#core/contracts/dataset.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { addSource, type VersionRef } from './add-source.ts';
import { loadVersion, requireReady } from './load.ts';

/**
 * Makes a new version of the same file with other types; the ingest job reads it again.
 * @param input `types` by column name, on top of those set before
 * @throws AppError `invalid` for a column that the version does not have
 */
export async function setDatasetTypes(
  ctx: ServiceContext,
  input: { versionId: string; types: Readonly<Record<string, ColumnType>> },
): Promise<VersionRef> {
  const { version, access } = await loadVersion(ctx, 'dataset.setTypes', input.versionId);
  const { profile } = requireReady(version);
  const names = new Set(profile.columns.map((column) => column.name));
  const unknown = Object.keys(input.types).find((name) => !names.has(name));
  if (unknown !== undefined) throw new AppError('invalid', `There is no column ${unknown}.`, { column: unknown });
  return addSource(ctx, {
    access,
    projectId: access.projectId ?? '',
    datasetId: version.datasetId,
    versionId: crypto.randomUUID(),
    source: {
      key: version.sourceKey,
      sha256: version.sourceSha256,
      name: version.sourceName,
      bytes: version.sourceBytes,
    },
    typeOverrides: { ...version.typeOverrides, ...input.types },
    excludedRows: version.excludedRows,
    action: 'dataset.setTypes',
  });
}
