import { and, desc, eq } from 'drizzle-orm';
import type { ColumnType, DataErrorDetail, Profile } from '#core/contracts/dataset.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import type { VersionRow } from './load.ts';

export interface VersionView {
  readonly id: string;
  readonly number: number;
  readonly state: VersionRow['state'];
  readonly sourceName: string;
  readonly sourceBytes: number;
  readonly sourceSha256: string;
  readonly contentHash: string | null;
  readonly typeOverrides: Readonly<Record<string, ColumnType>>;
  readonly rows: number | null;
  readonly profile: Profile | null;
  readonly error: DataErrorDetail | null;
  readonly createdAt: Date;
  readonly readyAt: Date | null;
}

export interface DatasetPage {
  readonly dataset: {
    readonly id: string;
    readonly name: string;
    readonly projectId: string;
    readonly createdAt: Date;
  };
  readonly version: VersionView;
  /** Newest first. */
  readonly versions: {
    readonly id: string;
    readonly number: number;
    readonly state: VersionRow['state'];
    readonly rows: number | null;
    readonly createdAt: Date;
  }[];
}

/** @param input `version`: a number; the latest when left out */
export async function getDataset(
  ctx: ServiceContext,
  input: { id: string; version?: number | null | undefined },
): Promise<DatasetPage> {
  await authorize(ctx, 'dataset.read', { datasetId: input.id });
  const [dataset] = await ctx.db.select().from(datasets).where(eq(datasets.id, input.id));
  const versions = await ctx.db
    .select({
      id: datasetVersions.id,
      number: datasetVersions.number,
      state: datasetVersions.state,
      rows: datasetVersions.rows,
      createdAt: datasetVersions.createdAt,
    })
    .from(datasetVersions)
    .where(eq(datasetVersions.datasetId, input.id))
    .orderBy(desc(datasetVersions.number));
  const number = input.version ?? versions[0]?.number;
  const [row] = await ctx.db
    .select()
    .from(datasetVersions)
    .where(and(eq(datasetVersions.datasetId, input.id), eq(datasetVersions.number, number ?? 0)));
  if (!dataset || !row) throw new AppError('not_found', 'There is no such version of this data set.');
  return { dataset, version: viewOf(row), versions };
}

export const viewOf = (row: VersionRow): VersionView => ({
  id: row.id,
  number: row.number,
  state: row.state,
  sourceName: row.sourceName,
  sourceBytes: row.sourceBytes,
  sourceSha256: row.sourceSha256,
  contentHash: row.contentHash,
  typeOverrides: row.typeOverrides,
  rows: row.rows,
  profile: row.profile,
  error: row.error,
  createdAt: row.createdAt,
  readyAt: row.readyAt,
});
