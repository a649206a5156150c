import { joinExcluded } from '#core/tasks/excluded-rows.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { addSource, type VersionRef } from './add-source.ts';
import { loadVersion, requireReady } from './load.ts';

/**
 * Makes a new version of the same file without some rows; the ingest job reads it again.
 * @param input `rows` of this version, from 0
 * @throws AppError `invalid` for a row that the version does not have, or where none would be left
 */
export async function excludeRows(
  ctx: ServiceContext,
  input: { versionId: string; rows: readonly number[] },
): Promise<VersionRef> {
  const { version, access } = await loadVersion(ctx, 'dataset.excludeRows', input.versionId);
  const { profile } = requireReady(version);
  const chosen = [...new Set(input.rows)].sort((a, b) => a - b);
  const beyond = chosen.find((row) => row >= profile.rows);
  if (beyond !== undefined)
    throw new AppError('invalid', `There is no row ${beyond + 1}: the version has ${profile.rows}.`);
  if (chosen.length >= profile.rows) throw new AppError('invalid', 'At least one row must stay.');
  const source = {
    key: version.sourceKey,
    sha256: version.sourceSha256,
    name: version.sourceName,
    bytes: version.sourceBytes,
  };
  return addSource(ctx, {
    access,
    projectId: access.projectId ?? '',
    datasetId: version.datasetId,
    versionId: crypto.randomUUID(),
    source,
    typeOverrides: version.typeOverrides,
    excludedRows: joinExcluded(version.excludedRows, chosen),
    action: 'dataset.excludeRows',
  });
}
