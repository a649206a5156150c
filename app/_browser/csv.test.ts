import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { CsvError, detectEncoding, openCsv } from './csv.ts';

/** A file that arrives in pieces of `size` bytes, as slow disks deliver it. */
function inPieces(bytes: Uint8Array<ArrayBuffer>, size: number): Blob {
  const blob = new Blob([bytes]);
  blob.stream = () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
  return blob;
}

async function readAll(file: Blob, batchRows?: number) {
  const { head, batches } = await openCsv(file, batchRows);
  const rows: (readonly string[])[] = [];
  const sizes: number[] = [];
  for await (const batch of batches) {
    rows.push(...batch.rows);
    sizes.push(batch.rows.length);
  }
  return { head, rows, sizes };
}
const text = (s: string) => new TextEncoder().encode(s);

describe('openCsv', () => {
  test('quotes, quoted line ends, mixed line ends and a byte order mark', async () => {
    const { head, rows } = await readAll(new Blob(['\ufeffa,b\r\n1,"x, ""y"""\r\n2,"two\nlines"\n\n3,z']));
    expect(head.names).toEqual(['a', 'b']);
    expect(rows).toEqual([
      ['1', 'x, "y"'],
      ['2', 'two\nlines'],
      ['3', 'z'],
    ]);
  });

  test('finds tabs and semicolons, and reads Windows-1252', async () => {
    expect((await readAll(new Blob(['a\tb\n1\t2\n3\t4']))).rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    const latin = Uint8Array.from('město;b\ncafé;1,5\nx;2\n', (c) => c.charCodeAt(0) & 255);
    const { head, rows } = await readAll(new Blob([latin]));
    expect(head).toMatchObject({ delimiter: ';', encoding: 'windows-1252' });
    expect(rows[0]).toEqual(['café', '1,5']);
  });

  test('batches keep order and size', async () => {
    const lines = Array.from({ length: 25 }, (_, i) => `${i},${i}`).join('\n');
    const { rows, sizes } = await readAll(new Blob([`a,b\n${lines}`]), 10);
    expect(sizes).toEqual([10, 10, 5]);
    expect(rows.map((row) => row[0])).toEqual(Array.from({ length: 25 }, (_, i) => String(i)));
  });

  test('any table reads back whole, wherever the pieces are cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ž', '🐎', ',', '"', '\n', ' ', '1') });
    const table = fc.array(fc.tuple(cell, cell, fc.constantFrom('1', 'x')), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const bytes = text(Papa.unparse([['p', 'q', 'r'], ...rows], { newline: '\n' }));
        const read = await readAll(inPieces(bytes, size), 3);
        expect(read.rows).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  test('refuses what is not a table in plain words', async () => {
    await expect(openCsv(new Blob([]))).rejects.toThrow(new CsvError('The file is empty.'));
    await expect(openCsv(new Blob([Uint8Array.of(80, 75, 3, 4, 0, 0, 0)]))).rejects.toThrow('not text');
  });
});

test('a character cut by the end of the sample is still UTF-8', () => {
  expect(detectEncoding(text('ž').slice(0, 1))).toBe('utf-8');
});

test('blank and repeated headers are named as ingest names them', async () => {
  expect((await openCsv(new Blob([' a ,,a,a\n1,2,3,4']))).head.names).toEqual(['a', 'column_2', 'a_2', 'a_3']);
});
