import { asc, desc, eq } from 'drizzle-orm';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';
import type { VersionRow } from './load.ts';

export interface DatasetRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly latest: {
    readonly versionId: string;
    readonly number: number;
    readonly state: VersionRow['state'];
    readonly rows: number | null;
    readonly columns: number | null;
    readonly warnings: number;
    readonly createdAt: Date;
  };
}

/** The data sets of a project with their latest version, oldest first. */
export async function listDatasets(ctx: ServiceContext, input: { projectId: string }): Promise<DatasetRow[]> {
  await authorize(ctx, 'dataset.read', { projectId: input.projectId });
  const rows = await ctx.db
    .selectDistinctOn([datasets.createdAt, datasets.id], { dataset: datasets, version: datasetVersions })
    .from(datasets)
    .innerJoin(datasetVersions, eq(datasetVersions.datasetId, datasets.id))
    .where(eq(datasets.projectId, input.projectId))
    .orderBy(asc(datasets.createdAt), asc(datasets.id), desc(datasetVersions.number));
  return rows.map(({ dataset, version }) => ({
    id: dataset.id,
    name: dataset.name,
    createdAt: dataset.createdAt,
    latest: {
      versionId: version.id,
      number: version.number,
      state: version.state,
      rows: version.rows,
      columns: version.profile?.columns.length ?? null,
      warnings: version.profile?.warnings.filter((warning) => warning.severity !== 'info').length ?? 0,
      createdAt: version.createdAt,
    },
  }));
}
