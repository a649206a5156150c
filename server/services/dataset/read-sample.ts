/** The random sample of a version's rows that the ingest job packed. */
import { numberColumn, stringColumn } from '#core/prep/table.ts';
import { type TableSample, unpackSample } from '#core/tasks/sample.ts';
import type { ServiceContext } from '../context.ts';
import type { requireReady } from './load.ts';
import { previewDataset } from './preview.ts';

export const sampleKey = (versionId: string): string => `datasets/${versionId}/sample.bin`;

/** Where a version has no sample, the first rows of its preview must do. */
export async function readSample(ctx: ServiceContext, version: ReturnType<typeof requireReady>): Promise<TableSample> {
  const key = sampleKey(version.id);
  if (await ctx.blobs.exists(key)) return unpackSample(await ctx.blobs.get(key));
  const { rows } = await previewDataset(ctx, { versionId: version.id, offset: 0, limit: 1000 });
  const { columns } = version.profile;
  return {
    types: columns.map((column) => column.type),
    table: {
      rows: rows.length,
      columns: columns.map(({ name, type }, i) => {
        const cells = rows.map((row) => row[i] ?? null);
        return type === 'number'
          ? numberColumn(
              name,
              cells.map((cell) => (cell === null ? null : Number(cell))),
            )
          : stringColumn(name, cells);
      }),
    },
  };
}
