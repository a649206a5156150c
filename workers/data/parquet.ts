/**
 * The product's own Parquet files: columns are called c0, c1, … because DuckDB takes `A` and `a` for the same name; the
 * real names stand in the file's key-value metadata.
 */
import { dirname } from 'node:path';
import { type Duck, openDuck, quoteText, wideColumns } from './duckdb.ts';

const metadataKey = 'warmstart';

export interface ParquetHead {
  readonly names: readonly string[];
  readonly kinds: readonly ('number' | 'string')[];
  readonly rows: number;
}

/** The clause of `COPY` that stores the names. */
export function namesClause(names: readonly string[], kinds: readonly ('number' | 'string')[]): string {
  return `KV_METADATA {${metadataKey}: ${quoteText(JSON.stringify({ names, kinds }))}}`;
}

/**
 * Rows per row group: about 8 million cells at most, so that wide tables do not pile up in memory while they are written.
 */
export function layoutClause(columns: number): string {
  const rows = Math.max(2048, Math.min(122_880, Math.floor(4_000_000 / Math.max(1, columns) / 2048) * 2048));
  // Measurements hardly repeat: building long dictionaries of them costs a third of the writing and saves nothing.
  // Of thousands of columns the dictionaries, one each, would take gigabytes.
  const dictionary =
    columns > wideColumns
      ? 'DICTIONARY_SIZE_LIMIT 16, STRING_DICTIONARY_PAGE_SIZE_LIMIT 4096'
      : 'DICTIONARY_SIZE_LIMIT 2000';
  return `ROW_GROUP_SIZE ${rows}, ${dictionary}`;
}

/** Cells of a wide table that stay in memory while it is looked at again and again. */
const heldCells = 20_000_000;

/**
 * Whether a table is better held in memory than read from its file: every statement that opens a file of thousands of
 * columns takes a third of a millisecond for each of them, however few rows there are.
 */
export const holdsInMemory = (columns: number, rows: number): boolean =>
  columns > wideColumns && columns * rows <= heldCells;

export async function readHead(duck: Duck, path: string): Promise<ParquetHead> {
  const [entry] = await duck.rows(
    `SELECT decode(value) FROM parquet_kv_metadata(${quoteText(path)}) WHERE decode(key) = '${metadataKey}'`,
  );
  if (!entry) throw new Error(`${path} was not written by the ingest job`);
  const [total] = await duck.rows(`SELECT num_rows FROM parquet_file_metadata(${quoteText(path)})`);
  const { names, kinds } = JSON.parse(String(entry[0])) as Pick<ParquetHead, 'names' | 'kinds'>;
  return { names, kinds, rows: Number(total?.[0]) };
}

/** Names, storage kinds and number of rows of a file. */
export async function readParquetHead(path: string): Promise<ParquetHead> {
  const duck = await openDuck({ folders: [dirname(path)], memoryMegabytes: 256 });
  try {
    return await readHead(duck, path);
  } finally {
    await duck.close();
  }
}
