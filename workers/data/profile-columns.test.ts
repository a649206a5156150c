import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ingestFile } from './ingest-file.ts';

test('numbers near the end of the doubles are profiled, not refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'profile-'));
  try {
    const path = join(folder, 'table.csv');
    const lines = Array.from({ length: 300 }, (_, i) => `${(i - 150) / 100}e308,${i}e-320,${i}`);
    await writeFile(path, `huge,tiny,plain\n${lines.join('\n')}\n`);
    const profile = await ingestFile({
      path,
      fileName: 'table.csv',
      limits: { rows: 1000, columns: 10, bytes: 1e6 },
      parquetPath: join(folder, 'table.parquet'),
      previewPath: join(folder, 'preview.jsonl'),
      samplePath: join(folder, 'sample.bin'),
    });
    const [huge, tiny, plain] = profile.columns;
    expect(huge).toMatchObject({ type: 'number', wide: true, min: -1.5e308, max: 1.49e308, distinct: 300 });
    expect(huge?.histogram?.reduce((sum, n) => sum + n, 0)).toBe(300);
    expect(tiny).toMatchObject({ type: 'number', distinct: 300 });
    expect(plain).toMatchObject({ mean: 149.5 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
