/** Loads a Parquet file of ours into typed arrays. */
import { dirname } from 'node:path';
import type { DuckDBVector } from '@duckdb/node-api';
import type { Table, TableColumn } from '#core/prep/table.ts';
import { type Duck, openDuck, prepareForColumns, quoteText } from './duckdb.ts';
import { readHead } from './parquet.ts';
import { markRows, rowBits } from './row-bits.ts';
import { doublesOf, integersOf } from './vectors.ts';

/** Beyond this many string columns one pass in JavaScript beats a dictionary per column. */
const dictionaryColumns = 200;

/**
 * @param path a file written by `ingestFile` or `splitParquet`
 * @param columns names to load, in this order; all when left out
 * @param rows numbers of the rows to load, each once, from 0; they come in the order of the file. All when left out
 * @returns number columns as Float64Array (NaN is missing), string columns as codes into a dictionary in order of first
 *   appearance (-1 is missing)
 * @throws Error for a name that the file does not have
 */
export async function readParquetTable(
  path: string,
  columns?: readonly string[],
  rows?: ArrayLike<number>,
): Promise<Table> {
  const duck = await openDuck({ folders: [dirname(path)] });
  try {
    const head = await readHead(duck, path);
    await prepareForColumns(duck, head.names.length);
    const chosen = (columns ?? head.names).map((name) => {
      const index = head.names.indexOf(name);
      if (index < 0) throw new Error(`The table has no column ${JSON.stringify(name)}.`);
      return { name, index, kind: head.kinds[index] as 'number' | 'string' };
    });
    let source = `read_parquet(${quoteText(path)}, file_row_number=true)`;
    if (rows) {
      await duck.run(
        `CREATE TABLE wanted AS SELECT ${rowBits(markRows(new Uint8Array(head.rows), rows, 1), 1)} AS bits`,
      );
      source = `(SELECT * FROM ${source} WHERE get_bit((SELECT bits FROM wanted), file_row_number::INTEGER) = 1)`;
    }
    const count = rows?.length ?? head.rows;
    const strings = chosen.filter((column) => column.kind === 'string');
    const dictionaries = new Map<number, string[]>();
    if (strings.length <= dictionaryColumns)
      for (const { index } of strings) dictionaries.set(index, await makeDictionary(duck, source, index));
    const table = chosen.map(
      ({ name, index, kind }): TableColumn =>
        kind === 'number'
          ? { kind, name, values: new Float64Array(count) }
          : { kind, name, codes: new Int32Array(count).fill(-1), dictionary: dictionaries.get(index) ?? [] },
    );
    const wanted = chosen.flatMap(({ index, kind }) => {
      if (kind === 'number') return [`coalesce(c${index}, 'NaN'::DOUBLE)`];
      const dictionary = dictionaries.get(index);
      if (!dictionary) return [`c${index}`];
      return dictionary.length ? [`coalesce(enum_code(c${index}::e${index})::INTEGER, -1)`] : ['-1::INTEGER'];
    });
    if (wanted.length > 0) await fill(duck, `SELECT ${wanted.join(', ')} FROM ${source}`, table);
    return { rows: count, columns: table };
  } finally {
    await duck.close();
  }
}

/** Makes the enumeration type `e<index>` of a column's values in order of first appearance. */
async function makeDictionary(duck: Duck, source: string, index: number): Promise<string[]> {
  const ordered = `SELECT c${index} AS v FROM ${source} WHERE c${index} IS NOT NULL GROUP BY 1 ORDER BY min(file_row_number)`;
  const values = (await duck.rows(ordered)).map((row) => String(row[0]));
  if (values.length > 0) await duck.run(`CREATE TYPE e${index} AS ENUM (${ordered})`);
  return values;
}

async function fill(duck: Duck, sql: string, table: readonly TableColumn[]): Promise<void> {
  const indexes = table.map(() => new Map<string, number>());
  let at = 0;
  for await (const chunk of duck.chunks(sql)) {
    table.forEach((column, i) => {
      const vector: DuckDBVector = chunk.getColumnVector(i);
      const codes = column.kind === 'string' ? integersOf(vector) : null;
      if (column.kind === 'number') column.values.set(doublesOf(vector), at);
      else if (codes) column.codes.set(codes, at);
      else encode(vector, column.codes, at, indexes[i] as Map<string, number>, column.dictionary as string[]);
    });
    at += chunk.rowCount;
  }
}

function encode(
  vector: DuckDBVector,
  codes: Int32Array,
  at: number,
  index: Map<string, number>,
  dictionary: string[],
): void {
  for (let row = 0; row < vector.itemCount; row++) {
    const value = vector.getItem(row) as string | null;
    if (value === null) continue;
    let code = index.get(value);
    if (code === undefined) {
      code = dictionary.push(value) - 1;
      index.set(value, code);
    }
    codes[at + row] = code;
  }
}
