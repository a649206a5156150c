/** The first rows of a table as JSON lines that the web process can page without reading the whole file. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Duck } from './duckdb.ts';

/** Rows and cells a preview holds at most: enough to scroll through, small enough to send. */
const maxRows = 10_000;
const maxCells = 2_000_000;
/** Longer values end in an ellipsis. */
const maxText = 500;
/** Rows between two entries of the index. */
const indexStride = 100;

/** `preview.jsonl.index`: where every hundredth line begins. */
export interface PreviewIndex {
  readonly rows: number;
  readonly stride: number;
  /** Byte offsets of rows 0, stride, 2 stride, …; last the size of the file. */
  readonly offsets: number[];
}

/**
 * Writes `path` (each line an array of strings and nulls) and `path.index`.
 * @param source SQL of the table
 * @returns rows written
 */
export async function writePreview(duck: Duck, source: string, columns: number, path: string): Promise<number> {
  const limit = Math.max(50, Math.min(maxRows, Math.floor(maxCells / Math.max(1, columns))));
  const stream = createWriteStream(path);
  const done = finished(stream);
  done.catch(() => undefined);
  const offsets: number[] = [];
  let rows = 0;
  let bytes = 0;
  for await (const chunk of duck.chunks(`SELECT * FROM ${source} LIMIT ${limit}`)) {
    for (const row of chunk.getRows()) {
      if (rows % indexStride === 0) offsets.push(bytes);
      const cells = row.map((cell) => {
        if (cell === null) return null;
        const text = String(cell);
        return text.length > maxText ? `${text.slice(0, maxText)}…`.toWellFormed() : text;
      });
      const line = Buffer.from(`${JSON.stringify(cells)}\n`);
      bytes += line.length;
      rows++;
      if (!stream.write(line)) await Promise.race([once(stream, 'drain'), done]);
    }
  }
  stream.end();
  await done;
  const index: PreviewIndex = { rows, stride: indexStride, offsets: [...offsets, bytes] };
  await writeFile(`${path}.index`, JSON.stringify(index));
  return rows;
}
