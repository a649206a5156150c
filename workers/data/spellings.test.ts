import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ingestFile } from './ingest-file.ts';

test('numbers of a column of few values keep their spelling; long columns and plain integers have none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spellings-'));
  try {
    const path = join(folder, 'table.csv');
    const lines = Array.from(
      { length: 300 },
      (_, i) =>
        `${i % 2 ? '1.0' : '0.0'},${i % 2},${(i / 7).toFixed(3)},${i % 3 ? '+1' : '2'},${i % 5 ? '50%' : '20%'}`,
    );
    await writeFile(path, `float,whole,long,signed,share\n${lines.join('\n')}\n`);
    const profile = await ingestFile({
      path,
      fileName: 'table.csv',
      limits: { rows: 1000, columns: 10, bytes: 1e6 },
      parquetPath: join(folder, 'table.parquet'),
    });
    const column = (name: string) => profile.columns.find((one) => one.name === name);
    expect(column('float')).toMatchObject({ type: 'number', spellings: { 0: '0.0', 1: '1.0' } });
    expect(column('float')?.top.map(({ value }) => value)).toEqual(['0.0', '1.0']);
    expect(column('signed')?.spellings).toEqual({ 1: '+1' });
    for (const name of ['whole', 'long', 'share']) expect(column(name)?.spellings).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
