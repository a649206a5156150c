/** Parquet files from elsewhere into the table `raw`; their own types count. */
import type { ColumnPlan } from './column-plan.ts';
import { DataError } from './data-error.ts';
import { prepareForColumns, quoteText } from './duckdb.ts';
import { nameColumns } from './names.ts';
import { tooManyRows } from './normalise-csv.ts';
import { checkColumns, type Source, type SourceRequest } from './source.ts';

const numeric =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT|FLOAT|DOUBLE|DECIMAL.*)$/;
const nested = /(\[\d*\]$)|^(STRUCT|MAP|UNION)/;

/** @throws DataError for damaged files and files beyond the limits */
export async function readParquet(request: SourceRequest): Promise<Source> {
  const { duck, path, fileName, limits } = request;
  const source = `read_parquet(${quoteText(path)})`;
  const broken = (error: unknown) => {
    request.signal?.throwIfAborted();
    const [reason = ''] = String((error as Error).message)
      .replaceAll(path, fileName)
      .split('\n');
    return new DataError({
      message: `The Parquet file cannot be read: ${reason}`,
      file: fileName,
      fix: 'Write the file again, or export the table as CSV.',
    });
  };
  let described: unknown[][];
  try {
    described = await duck.rows(`DESCRIBE SELECT * FROM ${source}`);
  } catch (error) {
    throw broken(error);
  }
  checkColumns(described.length, request);
  const schema = await duck.rows(`SELECT name FROM parquet_schema(${quoteText(path)})`);
  const headers = ownNames(
    described.map((row) => String(row[0])),
    schema.map((row) => String(row[0])),
  );
  const { names, corrections } = nameColumns(headers, described.length);
  const plans = new Map<number, ColumnPlan>();
  const columns = described.map(([column, sqlType], i) => {
    const x = `"${String(column).replaceAll('"', '""')}"`;
    const type = String(sqlType);
    const name = names[i] ?? '';
    if (request.typed.has(name) && !nested.test(type) && type !== 'BLOB') return `${textOf(x, type)} AS c${i}`;
    if (numeric.test(type)) {
      plans.set(i, { type: 'number', value: `CASE WHEN isfinite(c${i}) THEN c${i} END`, misfit: 'false' });
      return `${x}::DOUBLE AS c${i}`;
    }
    if (type === 'BLOB') {
      corrections.push(`Column ${name} holds binary data: only its length is kept, and it is not used.`);
      plans.set(i, { type: 'ignore', value: `c${i}`, misfit: 'false' });
      return `octet_length(${x})::VARCHAR || ' bytes' AS c${i}`;
    }
    if (nested.test(type)) {
      corrections.push(`Column ${name} holds nested values: they are kept as text and not used.`);
      plans.set(i, { type: 'ignore', value: `c${i}`, misfit: 'false' });
      return `replace(${x}::VARCHAR, chr(0), '') AS c${i}`;
    }
    return `${textOf(x, type)} AS c${i}`;
  });
  await prepareForColumns(duck, described.length);
  const [counted] = await duck
    .rows(`SELECT num_rows FROM parquet_file_metadata(${quoteText(path)})`)
    .catch((error: unknown) => {
      throw broken(error);
    });
  const rows = Number(counted?.[0]);
  if (rows > limits.rows) throw tooManyRows(fileName, limits.rows);
  if (rows === 0 || columns.length === 0)
    throw new DataError({
      message: 'The file has columns but no rows.',
      file: fileName,
      fix: 'Write a file with at least one row.',
    });
  try {
    await duck.run(
      `CREATE TABLE raw AS SELECT ${await keepLongIntegers(request, source, described, columns, plans)} FROM ${source}`,
    );
  } catch (error) {
    throw broken(error);
  }
  return {
    names,
    rows,
    plans,
    corrections,
    format: { kind: 'parquet', delimiter: null, encoding: null, header: true },
    decimalCommaFirst: false,
    unnamed: new Set(),
    locate: async () => null,
  };
}

function textOf(x: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `${x}::TIMESTAMP::VARCHAR`;
  if (type === 'VARCHAR') return `replace(${x}, chr(0), '')`;
  return `${x}::VARCHAR`;
}

/** Integers that a double would round become text, as in delimited files. */
async function keepLongIntegers(
  request: SourceRequest,
  source: string,
  described: readonly unknown[][],
  columns: readonly string[],
  plans: Map<number, ColumnPlan>,
): Promise<string> {
  const long = described.flatMap(([column, type], i) =>
    plans.get(i)?.type === 'number' && /^U?(BIG|HUGE)INT$/.test(String(type))
      ? [{ i, x: `"${String(column).replaceAll('"', '""')}"` }]
      : [],
  );
  if (long.length === 0) return columns.join(', ');
  const [row = []] = await request.duck.rows(
    `SELECT ${long.map(({ x }) => `coalesce(max(abs(${x}::DOUBLE)), 0)`).join(', ')} FROM ${source}`,
  );
  const out = [...columns];
  long.forEach(({ i, x }, k) => {
    if (Number(row[k]) <= Number.MAX_SAFE_INTEGER) return;
    plans.delete(i);
    out[i] = `${x}::VARCHAR AS c${i}`;
  });
  return out.join(', ');
}

/** DuckDB renames columns that differ in case only (`a` becomes `a_1`); the file's schema has the names as they stand. */
function ownNames(described: readonly string[], schema: readonly string[]): string[] {
  const leaves = schema.slice(1);
  return leaves.length === described.length ? [...leaves] : [...described];
}
