/** Every odd or broken table has a tested outcome: a reading with shown corrections, or a refusal that names place and fix. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataErrorDetail, Profile } from '#core/contracts/dataset.ts';
import { isDataError } from '#workers/data/data-error.ts';
import { ingestFile } from '#workers/data/ingest-file.ts';

interface Expected {
  readonly read?: {
    readonly rows: number;
    readonly format: Profile['format'];
    readonly columns: readonly unknown[];
    readonly first: readonly (string | null)[][];
    readonly corrections: readonly string[];
    readonly warnings: readonly string[];
  };
  readonly error?: DataErrorDetail;
}

const golden = join(import.meta.dirname, '..', 'golden', 'tables');
const manifest = JSON.parse(readFileSync(join(golden, 'manifest.json'), 'utf8')) as Record<string, Expected>;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-tables-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

async function ingest(
  path: string,
  fileName: string,
  limits = { rows: 1_000_000, columns: 10_000, bytes: 50_000_000 },
) {
  try {
    const profile = await ingestFile({
      path,
      fileName,
      limits,
      parquetPath: at('table.parquet'),
      previewPath: at('preview.jsonl'),
      samplePath: at('sample.bin'),
    });
    const preview = (await readFile(at('preview.jsonl'), 'utf8')).trim().split('\n');
    return { profile, first: preview.slice(0, 4).map((line) => JSON.parse(line) as (string | null)[]) };
  } catch (error) {
    // Anything but a refusal is a fault, and fails the test with its stack.
    if (!isDataError(error)) throw error;
    return { error: error.detail };
  }
}

test('every file is in the manifest, and there are enough of them', () => {
  const files = readdirSync(golden).filter((name) => !/^\.|^manifest\.json$|^README\.md$/.test(name));
  expect(files.toSorted()).toEqual(Object.keys(manifest).toSorted());
  expect(files.length).toBeGreaterThanOrEqual(40);
});

describe('golden tables', () => {
  test.each(Object.entries(manifest))('%s', async (name, expected) => {
    const got = await ingest(join(golden, name), name);
    if (expected.error) {
      expect(got.error).toEqual(expected.error);
      expect(got.error?.fix).toBeTruthy();
      // A refusal leaves nothing half-written.
      expect((await readdir(folder)).filter((file) => /table|preview|sample/.test(file))).toEqual([]);
      return;
    }
    const { profile, first } = got;
    expect({
      rows: profile?.rows,
      format: profile?.format,
      columns: profile?.columns.map((c) => ({
        name: c.name,
        type: c.type,
        missing: c.missing,
        ...(c.wide ? { wide: true } : {}),
        ...(c.dateFormat ? { dateFormat: c.dateFormat } : {}),
      })),
      first,
      corrections: profile?.corrections,
      warnings: profile?.warnings
        .filter((warning) => warning.code !== 'few_rows')
        .map((warning) => [warning.code, warning.column, warning.message].filter(Boolean).join(': ')),
    }).toEqual(expected.read);
    await Promise.all(
      ['table.parquet', 'preview.jsonl', 'preview.jsonl.index', 'sample.bin'].map((f) => rm(at(f), { force: true })),
    );
  });
});

describe('tables too large to keep', () => {
  const make = async (name: string, content: string | Uint8Array) => {
    await writeFile(at(name), content);
    return at(name);
  };

  const wide = (columns: number) => {
    const names = Array.from({ length: columns }, (_, i) => `x${i}`);
    const row = (r: number) => names.map((_, i) => (i % 3 ? (i * r) % 17 : `v${(i + r) % 5}`)).join(',');
    return [names.join(','), ...Array.from({ length: 30 }, (_, r) => row(r + 1))].join('\n');
  };

  test('1,500 columns are read, and said to be many', async () => {
    const { profile } = await ingest(await make('wide.csv', wide(1500)), 'wide.csv');
    expect(profile?.columns).toHaveLength(1500);
    expect(profile?.rows).toBe(30);
    expect(profile?.columns.slice(0, 3).map((c) => c.type)).toEqual(['category', 'number', 'number']);
    expect(profile?.warnings.map((w) => w.code)).toContain('many_columns');
  });

  // `npm run bench -- limits` takes 10,000 from the file to the model; the way is the same from 1,001 on.
  test('3,000 columns are read, each with its own profile', async () => {
    const limits = { rows: 1000, columns: 12_000, bytes: 50_000_000 };
    const names = Array.from({ length: 3000 }, (_, i) => `x${i}`);
    const cell = (i: number, r: number) => (i % 10 === 9 ? `v${(i * r * r) % 5}` : ((i * r * 7919) % 1009) / 8);
    const lines = Array.from({ length: 30 }, (_, r) => names.map((_, i) => cell(i, r + 1)).join(','));
    const text = [names.join(','), ...lines].join('\n');
    const { profile, first } = await ingest(await make('wide.csv', text), 'wide.csv', limits);
    expect(profile?.columns).toHaveLength(3000);
    const named = (name: string) => profile?.columns.find((column) => column.name === name);
    expect(named('x2999')).toMatchObject({ type: 'category', missing: 0, distinct: 3 });
    expect(named('x2999')?.top.map(({ count }) => count)).toEqual([12, 12, 6]);
    expect(named('x2998')).toMatchObject({ type: 'number', missing: 0, distinct: 30 });
    expect(named('x2998')?.histogram?.reduce((sum, n) => sum + n, 0)).toBe(30);
    expect(Number(first?.[1]?.[2998])).toBe(cell(2998, 2));
  }, 120_000);

  test('more columns than a worker has memory for are refused, whatever the limit says', async () => {
    const text = `${Array.from({ length: 12_001 }, (_, i) => `x${i}`).join(',')}\n${Array(12_001).fill('1').join(',')}\n`;
    const limits = { rows: 10, columns: 1e6, bytes: 1e6 };
    const { error } = await ingest(await make('wider.csv', text), 'wider.csv', limits);
    expect(error).toMatchObject({
      message: 'The table has 12,001 columns; at most 12,000 are read here.',
      file: 'wider.csv',
    });
  });

  test('one column over the limit is refused', async () => {
    const text = `${Array.from({ length: 11 }, (_, i) => `x${i}`).join(',')}\n${Array(11).fill('1').join(',')}\n`;
    const { error } = await ingest(await make('c.csv', text), 'c.csv', { rows: 10, columns: 10, bytes: 1e6 });
    expect(error).toMatchObject({ message: 'The table has 11 columns; at most 10 are read here.', file: 'c.csv' });
  });

  test.each([
    ['regular', '1,2\n'],
    ['irregular', '1\n'],
  ])('more rows than the limit are refused (%s)', async (_, row) => {
    const { error } = await ingest(await make('r.csv', `a,b\n${row.repeat(11)}`), 'r.csv', {
      rows: 10,
      columns: 10,
      bytes: 1e6,
    });
    expect(error).toMatchObject({ message: 'The table has more than 10 rows, which is the limit here.' });
  });

  test('a gzip bomb is stopped while it unpacks', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000, 'a,b\n1,2\n'));
    expect(bomb.length).toBeLessThan(200_000);
    const { error } = await ingest(await make('bomb.csv.gz', bomb), 'bomb.csv.gz');
    expect(error).toMatchObject({ message: 'Unpacked, the table is larger than 48 MB, which is the limit here.' });
  });

  test('a cell of more than a million characters is refused by line', async () => {
    const { error } = await ingest(await make('cell.csv', `a,b\n1,x\n2,${'y'.repeat(1_000_001)}\n`), 'cell.csv');
    expect(error).toMatchObject({ line: 3, column: 'b', message: expect.stringContaining('1,000,001 characters') });
    expect(error?.value?.length).toBeLessThan(100);
  });

  test('a cell of 900,000 characters is read', async () => {
    const { profile } = await ingest(await make('cell.csv', `a,b\n1,x\n2,${'y'.repeat(900_000)}\n`), 'cell.csv');
    expect(profile).toMatchObject({ rows: 2 });
  });

  test('a thousand classes are counted exactly', async () => {
    const text = `x,label\n${Array.from({ length: 5000 }, (_, i) => `${i * 0.5},class ${i % 1000}`).join('\n')}\n`;
    const { profile } = await ingest(await make('classes.csv', text), 'classes.csv');
    expect(profile?.columns[1]).toMatchObject({ type: 'category', distinct: 1000, missing: 0 });
    expect(profile?.warnings.map((w) => w.code)).toContain('rare_class');
  });

  test('one odd value far behind the sample makes the column a category, with its line', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => (i === 27_123 ? 'forty,1' : `${i % 90},${i % 2}`));
    const { profile } = await ingest(await make('odd.csv', `age,y\n${rows.join('\n')}\n`), 'odd.csv');
    expect(profile?.columns[0]).toMatchObject({ type: 'category', missing: 0 });
    expect(profile?.warnings.find((w) => w.code === 'mixed_types')).toMatchObject({
      column: 'age',
      message: expect.stringContaining('“forty” on line 27125'),
      fix: { setType: 'number' },
    });
  });
});
