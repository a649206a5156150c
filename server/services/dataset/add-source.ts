/** The one place where versions are made: from uploads, REST bodies, samples and changed types. */
import { and, desc, eq, ne } from 'drizzle-orm';
import type { ColumnType } from '#core/contracts/dataset.ts';
import type { Executor, Tx } from '#db/client.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import type { Access } from '../scopes.ts';

export interface VersionRef {
  readonly datasetId: string;
  readonly versionId: string;
}

export interface Source {
  readonly key: string;
  readonly sha256: string;
  /** File name as uploaded. */
  readonly name: string;
  readonly bytes: number;
}

export interface AddSource {
  readonly access: Access;
  readonly projectId: string;
  /** Null: a new data set, named after the file. */
  readonly datasetId: string | null;
  readonly versionId: string;
  readonly source: Source;
  readonly typeOverrides?: Readonly<Record<string, ColumnType>>;
  /** Rows of the file that the version leaves out, ascending. */
  readonly excludedRows?: readonly number[];
  readonly datasetName?: string;
  /** For the audit log. */
  readonly action: string;
  /** More changes in the same transaction. */
  readonly inside?: (tx: Tx, sha256: string) => Promise<void>;
}

/**
 * Adds a version and the job that reads it, in one transaction. Equal content with equal types and rows is the same
 * version: the one that exists is returned, and the new source blob is removed.
 */
export async function addSource(ctx: ServiceContext, input: AddSource): Promise<VersionRef> {
  const { source, versionId, projectId } = input;
  const overrides = input.typeOverrides ?? {};
  const made = await ctx.db.transaction(async (tx): Promise<VersionRef> => {
    await input.inside?.(tx, source.sha256);
    const same = await findSame(tx, input, overrides);
    if (same) return same;
    const datasetId =
      input.datasetId ?? (await insertDataset(tx, ctx, projectId, input.datasetName ?? nameOf(source.name)));
    // Numbers follow each other: the row of the data set is locked until this one is in.
    await tx.select({ id: datasets.id }).from(datasets).where(eq(datasets.id, datasetId)).for('update');
    const [last] = await tx
      .select({ number: datasetVersions.number })
      .from(datasetVersions)
      .where(eq(datasetVersions.datasetId, datasetId))
      .orderBy(desc(datasetVersions.number))
      .limit(1);
    await tx.insert(datasetVersions).values({
      id: versionId,
      datasetId,
      number: (last?.number ?? 0) + 1,
      sourceKey: source.key,
      sourceSha256: source.sha256,
      sourceName: source.name,
      sourceBytes: source.bytes,
      typeOverrides: { ...overrides },
      excludedRows: [...(input.excludedRows ?? [])],
      createdAt: ctx.now(),
    });
    await ctx.queue.send(tx, 'dataset.ingest', { versionId });
    await recordAudit(tx, ctx, {
      ...input.access,
      action: input.action,
      subject: `dataset:${datasetId}`,
      detail: {
        bytes: source.bytes,
        version: (last?.number ?? 0) + 1,
        ...(input.excludedRows?.length ? { rowsLeftOut: input.excludedRows.length } : {}),
      },
    });
    return { datasetId, versionId };
  });
  const ownBlob = source.key === `datasets/${versionId}/source`;
  if (made.versionId !== versionId && ownBlob) await ctx.blobs.remove(source.key);
  return made;
}

async function insertDataset(tx: Executor, ctx: ServiceContext, projectId: string, name: string): Promise<string> {
  const [row] = await tx
    .insert(datasets)
    .values({ projectId, name, createdAt: ctx.now() })
    .returning({ id: datasets.id });
  if (!row) throw new Error('the data set was not inserted');
  return row.id;
}

/** Within the data set; for a new one, within the project under the same file name. Failed readings do not count. */
async function findSame(
  tx: Executor,
  input: AddSource,
  overrides: Readonly<Record<string, ColumnType>>,
): Promise<VersionRef | null> {
  const rows = await tx
    .select({
      datasetId: datasets.id,
      versionId: datasetVersions.id,
      name: datasetVersions.sourceName,
      overrides: datasetVersions.typeOverrides,
      excluded: datasetVersions.excludedRows,
    })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(
      and(
        input.datasetId ? eq(datasets.id, input.datasetId) : eq(datasets.projectId, input.projectId),
        eq(datasetVersions.sourceSha256, input.source.sha256),
        ne(datasetVersions.state, 'failed'),
      ),
    )
    .orderBy(desc(datasetVersions.number));
  const found = rows.find(
    (row) =>
      (input.datasetId !== null || row.name === input.source.name) &&
      equalTypes(row.overrides, overrides) &&
      row.excluded.join() === (input.excludedRows ?? []).join(),
  );
  return found ? { datasetId: found.datasetId, versionId: found.versionId } : null;
}

export function equalTypes(a: Readonly<Record<string, ColumnType>>, b: Readonly<Record<string, ColumnType>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}

/** `sales 2024.csv.gz` → `sales 2024`. */
export function nameOf(fileName: string): string {
  const name = fileName.replace(/(\.(csv|tsv|tab|txt|jsonl|ndjson|json|parquet|gz|zip|zst))+$/i, '').trim();
  return (name || fileName).slice(0, 120);
}
