import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestFile } from './ingest-file.ts';
import { readParquetRows } from './parquet-rows.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warmstart-leave-out-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const limits = { rows: 1e6, columns: 100 };

test('rows that are left out are as if they had never been in the file', async () => {
  const path = join(folder, 'table.csv');
  const lines = Array.from({ length: 300 }, (_, i) => `${i === 7 ? 'seven' : i},${i % 2 ? 'odd' : 'even'}`);
  await writeFile(path, `n,kind\n${lines.join('\n')}\n`);
  const parquetPath = join(folder, 'table.parquet');
  const profile = await ingestFile({ path, fileName: 'table.csv', limits, parquetPath, excludedRows: [0, 7, 299] });
  expect(profile.rows).toBe(297);
  expect(profile.columns[0]).toMatchObject({ type: 'number', min: 1, max: 298 });
  expect(profile.corrections).toContain('3 rows of the file are left out by hand.');
  const read: unknown[] = [];
  for await (const batch of readParquetRows(parquetPath)) read.push(...Array.from(batch.column('n') ?? []));
  expect(read).toEqual(Array.from({ length: 300 }, (_, i) => i).filter((i) => ![0, 7, 299].includes(i)));
});

test('a cell that cannot be read is named by its line in the whole file', async () => {
  const path = join(folder, 'odd.csv');
  const lines = Array.from({ length: 400 }, (_, i) => (i === 200 ? 'what' : String(i)));
  await writeFile(path, `n\n${lines.join('\n')}\n`);
  const read = (excludedRows: number[]) =>
    ingestFile({
      path,
      fileName: 'odd.csv',
      limits,
      parquetPath: join(folder, 'odd.parquet'),
      typeOverrides: { n: 'number' },
      excludedRows,
    });
  const words = async (excluded: number[]) =>
    await read(excluded).then(
      (profile) => profile.corrections.join(' '),
      (error: { detail: unknown }) => JSON.stringify(error.detail),
    );
  expect(await words([])).toContain('202');
  expect(await words([3, 4, 350])).toContain('202');
});
