/** CSV, TSV and their relatives into the table `raw`. */
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { detectLayout, type Layout } from './detect-dialect.ts';
import { cleanDialect } from './dialect.ts';
import { prepareForColumns } from './duckdb.ts';
import { decodeFile, detectEncoding, type Encoding } from './encoding.ts';
import { loadRaw } from './load-raw.ts';
import { nameColumns } from './names.ts';
import { normaliseCsv, tooManyRows } from './normalise-csv.ts';
import { checkColumns, type Source, type SourceRequest } from './source.ts';
import { longRecord, scanStructure } from './structure.ts';
import { readRecords } from './text-records.ts';

const sampleCharacters = 512 * 1024;

/** @throws DataError for whatever cannot be read without guessing */
export async function readText(request: SourceRequest): Promise<Source> {
  const { path, fileName, duck, limits } = request;
  const encoding = await detectEncoding(path);
  const { text, whole } = await sampleText(path, encoding);
  if (text.trim() === '')
    throw new DataError({
      message: 'The file holds nothing but blanks.',
      file: fileName,
      fix: 'Upload a file with a header and rows.',
    });
  const layout = detectLayout(text, whole, fileName);
  if (whole && layout.records.every(({ fields }) => fields.every((field) => field.trim() === '')))
    throw new DataError({
      message: 'The file holds no values.',
      file: fileName,
      fix: 'Upload a file with a header and rows.',
    });
  const { head, width } = await headOf(request, layout, encoding);
  checkColumns(width, request);
  const { names, corrections } = nameColumns(layout.header ? head : null, width);
  if (encoding.name === 'mixed')
    corrections.push(
      'The file mixes UTF-8 with single bytes of Windows-1252: both were read as the letters they stand for.',
    );
  else if (encoding.name !== 'utf-8') corrections.push(`The file is in ${encoding.name}: it was converted to UTF-8.`);
  if (layout.preamble)
    corrections.push(
      `${layout.preamble === 1 ? 'The line above the header was' : `The ${layout.preamble} lines above the header were`} skipped.`,
    );
  const format = {
    kind: layout.dialect.delimiter === '\t' ? ('tsv' as const) : ('csv' as const),
    delimiter: layout.dialect.delimiter,
    encoding: encoding.name,
    header: layout.header,
  };
  await prepareForColumns(duck, width);
  const direct = isPlain(layout, encoding, width, head) ? await readDirectly(request, layout, width) : null;
  let rows: number;
  if (direct !== null) {
    rows = direct;
  } else {
    const cleanPath = join(duck.folder, 'clean.csv');
    const clean = await normaliseCsv({
      path,
      fileName,
      encoding,
      layout,
      names,
      cleanPath,
      maxRows: limits.rows,
      signal: request.signal,
    });
    rows = clean.rows;
    if (rows === 0) throw noRows(fileName);
    corrections.push(...clean.corrections);
    await loadRaw(duck, { path: cleanPath, dialect: cleanDialect, skip: 0, width, longest: clean.longest });
  }
  return {
    names,
    rows,
    plans: new Map(),
    corrections,
    format,
    decimalCommaFirst: layout.dialect.delimiter !== ',',
    unnamed: new Set(layout.header ? names.flatMap((_, i) => ((head[i] ?? '').trim() === '' ? [i] : [])) : []),
    locate: (row) => locateLine(request, layout, encoding, row),
  };
}

const noRows = (file: string): DataError =>
  new DataError({
    message: 'The file has a header but no rows.',
    file,
    line: 1,
    fix: 'Add at least one row below the header.',
  });

/** The first characters, decoded; the cut is at a line end where there is one. */
async function sampleText(path: string, encoding: Encoding): Promise<{ text: string; whole: boolean }> {
  let text = '';
  for await (const part of decodeFile(path, encoding)) {
    text += part;
    if (text.length > sampleCharacters) {
      const wide = text.indexOf('\n') > sampleCharacters / 4;
      // A header of thousands of names needs more than the usual sample.
      if (!wide || text.length > 16 * sampleCharacters)
        return { text: text.slice(0, wide ? undefined : sampleCharacters).replaceAll('\u0000', ''), whole: false };
    }
  }
  return { text: text.replaceAll('\u0000', ''), whole: true };
}

/** Header cells and the number of columns. */
async function headOf(
  request: SourceRequest,
  layout: Layout,
  encoding: Encoding,
): Promise<{ head: string[]; width: number }> {
  let record = layout.records[layout.preamble];
  if (!record) {
    // Not one whole record in the sample: the careful reader finds out why.
    for await (const batch of readRecords(request.path, request.fileName, encoding, layout.dialect)) {
      record = batch[0];
      if (record) break;
    }
  }
  if (!record) throw noRows(request.fileName);
  if (!layout.header) return { head: [], width: layout.width };
  const head = layout.unnamedFirst ? ['', ...record.fields] : [...record.fields];
  return { head, width: head.length };
}

/** Whether DuckDB might read the file as it stands; its bytes decide. */
function isPlain(layout: Layout, encoding: Encoding, width: number, head: readonly string[]): boolean {
  const { quote, escape: escaping } = layout.dialect;
  if (encoding.name !== 'utf-8' || encoding.mark > 0) return false;
  if (layout.preamble || layout.unnamedFirst || quote !== '"' || escaping !== 'quote' || width < 2) return false;
  return !head.some((name) => /[\r\n]/.test(name));
}

/**
 * DuckDB loads the file while its structure is checked here, since both take a while. Whether the load counts, the check
 * decides: what DuckDB makes of an irregular file is thrown away.
 * @returns rows, or null for an irregular file
 */
async function readDirectly(request: SourceRequest, layout: Layout, width: number): Promise<number | null> {
  const { duck, path, fileName, limits } = request;
  const skip = layout.header ? 1 : 0;
  const load = loadRaw(duck, { path, dialect: layout.dialect, skip, width, longest: longRecord });
  const failure = load.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const { regular, records } = await scanStructure(path, layout.dialect, width, 0);
  const failed = await failure;
  request.signal?.throwIfAborted();
  if (!regular) {
    await duck.run('DROP TABLE IF EXISTS raw');
    return null;
  }
  if (failed) throw failed.error;
  const rows = records - skip;
  if (rows > limits.rows) throw tooManyRows(fileName, limits.rows);
  if (rows === 0) throw noRows(fileName);
  return rows;
}

/** Walks to a row again: only for messages, so that the fast way need not keep a line number per row. */
async function locateLine(
  request: SourceRequest,
  layout: Layout,
  encoding: Encoding,
  row: number,
): Promise<number | null> {
  let left = row + layout.preamble + (layout.header ? 1 : 0);
  for await (const batch of readRecords(request.path, request.fileName, encoding, layout.dialect)) {
    const record = batch[left];
    if (record) return record.line;
    left -= batch.length;
  }
  return null;
}
