/** A random sample of the rows, packed into one blob, from which the link of every column with any target is computed. */
import { writeFile } from 'node:fs/promises';
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import { numberColumn, stringColumn } from '#core/prep/table.ts';
import { packSample, type TableSample } from '#core/tasks/sample.ts';
import type { Duck } from './duckdb.ts';

const maxRows = 10_000;
const maxCells = 1_500_000;
/** Longer texts are cut: here they only tell values apart. */
const maxText = 60;

/**
 * @param source SQL of the table with columns c0, c1, …
 * @param path where the packed sample goes; nowhere when left out
 */
export async function writeSample(
  duck: Duck,
  source: string,
  profiles: readonly ColumnProfile[],
  path: string | undefined,
): Promise<TableSample> {
  const limit = Math.max(200, Math.min(maxRows, Math.floor(maxCells / Math.max(1, profiles.length))));
  const cells = profiles.map((): (number | string | null)[] => []);
  let rows = 0;
  const list = profiles.map((p, i) => (p.type === 'number' ? `c${i}` : `c${i}[:${maxText}]`)).join(', ');
  for await (const chunk of duck.chunks(
    `SELECT ${list} FROM ${source} USING SAMPLE reservoir(${limit} ROWS) REPEATABLE (7)`,
  )) {
    rows += chunk.rowCount;
    cells.forEach((values, i) => {
      for (const value of chunk.getColumnValues(i)) values.push(value as number | string | null);
    });
  }
  const columns = profiles.map(({ name, type }, i) =>
    type === 'number'
      ? numberColumn(name, cells[i] as (number | null)[])
      : stringColumn(name, cells[i] as (string | null)[]),
  );
  const sample: TableSample = { table: { rows, columns }, types: profiles.map(({ type }) => type) };
  if (path) await writeFile(path, packSample(sample));
  return sample;
}
