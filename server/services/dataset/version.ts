import { eq } from 'drizzle-orm';
import { datasets } from '#db/schema/datasets.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { type VersionView, viewOf } from './get.ts';
import { loadVersion } from './load.ts';

export interface VersionPage extends VersionView {
  readonly datasetId: string;
  readonly datasetName: string;
  readonly projectId: string;
}

/** One version by its own id, with the data set it belongs to. */
export async function getVersion(ctx: ServiceContext, input: { versionId: string }): Promise<VersionPage> {
  const { version } = await loadVersion(ctx, 'dataset.read', input.versionId);
  const [dataset] = await ctx.db.select().from(datasets).where(eq(datasets.id, version.datasetId));
  if (!dataset) throw new AppError('not_found', 'There is no such data set.');
  return { ...viewOf(version), datasetId: dataset.id, datasetName: dataset.name, projectId: dataset.projectId };
}
