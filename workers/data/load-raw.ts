/** Loads a regular text table into the table `raw` with columns c0, c1, … of VARCHAR. */
import type { Dialect } from './dialect.ts';
import { type Duck, quoteText } from './duckdb.ts';

/** DuckDB's own default for the longest line. */
const usualLine = 2_000_000;
const usualBuffer = 32_000_000;

export interface RawFile {
  readonly path: string;
  readonly dialect: Dialect;
  /** Header lines to leave out. */
  readonly skip: number;
  readonly width: number;
  /** Bytes of the longest record. */
  readonly longest: number;
}

/** The buffer is named, because DuckDB otherwise takes sixteen times the longest line for it, out of the job's memory. */
export async function loadRaw(duck: Duck, { path, dialect, skip, width, longest }: RawFile): Promise<void> {
  const columns = Array.from({ length: width }, (_, i) => `'c${i}': 'VARCHAR'`).join(', ');
  const line = Math.max(usualLine, longest + 1024);
  await duck.run(
    `CREATE TABLE raw AS SELECT * FROM read_csv(${quoteText(path)}, auto_detect=false, header=false, skip=${skip},
      delim=${quoteText(dialect.delimiter)}, quote='"', escape='"', strict_mode=true,
      max_line_size=${line}, buffer_size=${Math.max(usualBuffer, 2 * line)}, columns={${columns}})`,
  );
}
