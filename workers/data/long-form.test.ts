import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ingestFile } from './ingest-file.ts';

/** Columns of every kind, with gaps, markers, odd cells and spellings. */
const kinds: ((r: number) => string)[] = [
  (r) => String((r * 37) % 101),
  (r) => (r % 4 ? ((r * 7919) % 1000) / 8 : 'NA').toString(),
  (r) => (r % 2 ? '1.0' : '0.0'),
  (r) => `${(r * 13) % 90}%`,
  (r) => ['red', 'green', '', 'blue'][r % 4] as string,
  (r) => `0${r % 10}`,
  (r) => (r === 333 ? 'forty' : String(r % 50)),
  (r) => `2024-0${1 + (r % 9)}-1${r % 10}`,
  (r) => (r % 3 ? 'yes' : 'no'),
  (r) => (r === 17 || r === 390 ? '12' : ''),
  (r) => (r % 5 ? '' : `word ${r % 7}`),
  () => '',
  (r) => `9007199254740993${r % 10}`,
  (r) => (r % 100 ? String(r / 10) : 'inf'),
];

test('a wide table is read column by column as a narrow one is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'long-form-'));
  const read = async (name: string, copies: number) => {
    const header = Array.from({ length: copies }, (_, k) => kinds.map((_, i) => `k${i}_${k}`)).flat();
    const lines = Array.from({ length: 400 }, (_, r) =>
      Array.from({ length: copies }, () => kinds.map((cell) => cell(r))).flat(),
    );
    const path = join(folder, name);
    await writeFile(path, `${[header, ...lines].map((line) => line.join(',')).join('\n')}\n`);
    return ingestFile({
      path,
      fileName: name,
      limits: { rows: 1000, columns: 1000 },
      parquetPath: join(folder, 'table.parquet'),
    });
  };
  try {
    const narrow = await read('narrow.csv', 1);
    const wide = await read('wide.csv', 25);
    expect(wide.columns).toHaveLength(25 * kinds.length);
    wide.columns.forEach((column, i) => {
      expect(column).toEqual({ ...narrow.columns[i % kinds.length], name: column.name });
    });
    expect(wide.warnings.filter(({ code }) => code === 'mixed_types')).toHaveLength(25);
    expect(wide.warnings.find(({ column, code }) => column === 'k6_7' && code === 'mixed_types')?.message).toContain(
      'line 335',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 30_000);
