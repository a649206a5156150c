/** Streams a delimited file row by row, in memory that does not grow with its size. */
import Papa from 'papaparse';
import { nameColumns } from '#core/serve/column-names.ts';

export interface CsvHead {
  readonly delimiter: string;
  readonly encoding: string;
  /** Header as the server names columns: blanks become `column_7`, repeats get `_2`. */
  readonly names: readonly string[];
}

export interface CsvBatch {
  readonly rows: readonly (readonly string[])[];
  /** Bytes of the file read so far. */
  readonly bytes: number;
}

/** A file that cannot be read as a table, in words for the person who dropped it. */
export class CsvError extends Error {
  override name = 'CsvError';
}

/** The encoding of a file by its first bytes: a byte order mark, valid UTF-8, or else Windows-1252. */
export function detectEncoding(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  try {
    // `stream` lets the last character be cut in half by the end of the sample.
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

const SAMPLE_BYTES = 1 << 20;
const MAX_OPEN_CHARACTERS = 1 << 26;

/**
 * Opens `file` and returns its head and its rows in batches of at most `batchRows`. Blank lines are skipped.
 * @throws CsvError when the file is empty, binary or has no header
 */
export async function openCsv(
  file: Blob,
  batchRows = 1024,
): Promise<{ head: CsvHead; batches: AsyncGenerator<CsvBatch> }> {
  const sample = new Uint8Array(await file.slice(0, SAMPLE_BYTES).arrayBuffer());
  if (sample.length === 0) throw new CsvError('The file is empty.');
  const encoding = detectEncoding(sample);
  const start = new TextDecoder(encoding).decode(sample, { stream: true });
  if (start.includes('\0')) throw new CsvError('The file is not text. Drop a CSV or TSV file.');
  const guess = Papa.parse<string[]>(start, { preview: 50, skipEmptyLines: true });
  const header = guess.data[0];
  if (!header) throw new CsvError('The file holds no header line.');
  const head = { delimiter: guess.meta.delimiter, encoding, names: nameColumns(header, header.length).names };
  // Line feeds may come mixed with CR LF: split at line feeds and take a trailing CR off the last cell.
  const newline = guess.meta.linebreak === '\r' ? '\r' : '\n';
  return { head, batches: readBatches(file, head, newline, batchRows) };
}

async function* readBatches(
  file: Blob,
  head: CsvHead,
  newline: '\n' | '\r',
  batchRows: number,
): AsyncGenerator<CsvBatch> {
  const decoder = new TextDecoder(head.encoding);
  const reader = file.stream().getReader();
  let rest = '';
  let bytes = 0;
  let rows: string[][] = [];
  let headerSeen = false;
  for (let done = false; !done; ) {
    const part = await reader.read();
    done = part.done;
    bytes += part.value?.length ?? 0;
    rest += part.value ? decoder.decode(part.value, { stream: true }) : decoder.decode();
    if (rest.length > MAX_OPEN_CHARACTERS) throw new CsvError('A quotation mark is opened and never closed.');
    // Until the file ends, its last line may be cut off: the parser leaves it and tells how far it came.
    const parsed: unknown = new Papa.Parser({ delimiter: head.delimiter, newline }).parse(rest, 0, !done);
    const { data, meta } = parsed as Papa.ParseResult<string[]>;
    rest = rest.slice(meta.cursor);
    for (const row of data) {
      const last = row.at(-1);
      if (last?.endsWith('\r')) row[row.length - 1] = last.slice(0, -1);
      if (row.length === 1 && row[0] === '') continue;
      if (headerSeen) rows.push(row);
      headerSeen = true;
    }
    for (; rows.length >= batchRows; rows = rows.slice(batchRows)) yield { rows: rows.slice(0, batchRows), bytes };
  }
  if (rows.length > 0) yield { rows, bytes };
}
