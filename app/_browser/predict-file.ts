/** Predicts every row of a dropped file in chunks; the file never leaves the page. */

import type { NumberReader } from '#core/serve/number-formats.ts';
import { predictionHeader, predictionLines } from '#core/serve/predictions.ts';
import { type CsvBatch, CsvError, openCsv } from './csv.ts';
import { chooseReader } from './number-columns.ts';
import type { Predictor } from './predictor.ts';

export interface FileProgress {
  readonly rows: number;
  readonly bytes: number;
}

export interface FileResult {
  /** predictions.csv */
  readonly csv: Blob;
  readonly rows: number;
  /** Model columns that the file lacks; they were taken as missing. */
  readonly absent: readonly string[];
  /** Cells of number columns that hold something else, taken as missing. */
  readonly unreadable: { readonly count: number; readonly first: readonly string[] };
  /** Rows with fewer or more cells than the header. */
  readonly ragged: number;
}

const SHOWN = 3;

/**
 * @param cancelled checked between chunks; when true the work stops with a CsvError
 * @throws CsvError when the file is no table or shares no column with the model
 */
export async function predictFile(
  predictor: Predictor,
  file: Blob,
  progress: (state: FileProgress) => void,
  cancelled: () => boolean,
): Promise<FileResult> {
  const { head, batches } = await openCsv(file);
  const at = new Map(predictor.metadata.columns.map((column) => [column.input, head.names.indexOf(column.name)]));
  const absent = predictor.metadata.columns.filter((c) => at.get(c.input) === -1).map((c) => c.name);
  if (absent.length === predictor.metadata.columns.length) {
    const wanted = absent.slice(0, SHOWN).join(', ');
    throw new CsvError(
      `No column of this file is known to the model. It has ${head.names.slice(0, SHOWN).join(', ')}; the model wants ${wanted}.`,
    );
  }
  const readersOf = ({ rows }: CsvBatch): Map<string, NumberReader> =>
    new Map(
      predictor.metadata.columns.flatMap(({ input, type }) => {
        const place = at.get(input) ?? -1;
        if (type !== 'number' || place < 0) return [];
        const reader = chooseReader(
          rows.map((row) => row[place] ?? ''),
          head.delimiter,
        );
        return reader ? [[input, reader] as const] : [];
      }),
    );
  let readers: Map<string, NumberReader> | undefined;
  const parts: (string | Blob)[] = [];
  const first: string[] = [];
  let [rows, unreadable, ragged] = [0, 0, 0];
  for await (const batch of batches) {
    if (cancelled()) throw new CsvError('Cancelled.');
    readers ??= readersOf(batch);
    const formats = readers;
    const result = await predictor.predict(batch.rows.length, (row, input) => {
      const cell = batch.rows[row]?.[at.get(input)!];
      return cell === undefined ? undefined : (formats.get(input)?.(cell) ?? cell);
    });
    if (rows === 0) parts.push(`${predictionHeader(result.predictions)}\n`);
    parts.push(predictionLines(result.predictions));
    for (const cell of result.unreadable.slice(0, Math.max(0, SHOWN - first.length))) {
      first.push(`row ${rows + cell.row + 1}, column "${cell.input}": "${cell.value}"`);
    }
    unreadable += result.unreadable.length;
    ragged += batch.rows.filter((row) => row.length !== head.names.length).length;
    rows += batch.rows.length;
    // Finished text moves into a blob now and then, which browsers may keep on disk.
    if (parts.length >= 64) parts.splice(0, parts.length, new Blob(parts));
    progress({ rows, bytes: batch.bytes });
  }
  if (rows === 0) throw new CsvError('The file has a header and no rows.');
  const csv = new Blob(parts, { type: 'text/csv' });
  return { csv, rows, absent, unreadable: { count: unreadable, first }, ragged };
}
