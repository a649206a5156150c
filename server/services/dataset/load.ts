import { eq } from 'drizzle-orm';
import { datasetVersions } from '#db/schema/datasets.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { type Access, authorize, type Scope } from '../scopes.ts';

export type VersionRow = typeof datasetVersions.$inferSelect;

/** The version after its scope check. @throws AppError `not_found`, `forbidden`, `unauthenticated` */
export async function loadVersion(
  ctx: ServiceContext,
  scope: Scope,
  versionId: string,
): Promise<{ version: VersionRow; access: Access }> {
  const access = await authorize(ctx, scope, { versionId });
  const [version] = await ctx.db.select().from(datasetVersions).where(eq(datasetVersions.id, versionId));
  if (!version) throw new AppError('not_found', 'There is no such version.');
  return { version, access };
}

/** @throws AppError `bad_data` for a version that could not be read, `conflict` for one that is being read */
export function requireReady(version: VersionRow): VersionRow & { profile: NonNullable<VersionRow['profile']> } {
  if (version.state === 'failed')
    throw new AppError('bad_data', version.error?.message ?? 'The file could not be read.', { ...version.error });
  if (version.state !== 'ready' || !version.profile) throw new AppError('conflict', 'The file is still being read.');
  return { ...version, profile: version.profile };
}
