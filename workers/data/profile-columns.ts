/** Statistics of every column of an ingested Parquet file. */
import type { ColumnProfile, ColumnType } from '#core/contracts/dataset.ts';
import { type Duck, quoteText } from './duckdb.ts';
import { exactRows, type NumberRange, scanNumbers } from './scan-numbers.ts';

export interface ProfileInput {
  readonly name: string;
  readonly type: ColumnType;
  readonly kind: 'number' | 'string';
  readonly dateFormat?: string | undefined;
}

const topValues = 20;
/** Columns per statement. With thousands of columns opening the file is the cost. */
const groupOf = (columns: number): number => Math.max(50, Math.ceil(columns / 40));
/** Numbers with more distinct values than this have a histogram that says more than a list of the commonest. */
const listedNumbers = 200;

interface Stats {
  readonly missing: number;
  readonly distinct: number;
  /** Of number columns that hold any. */
  readonly range: NumberRange | null;
}

/** @param onProgress share done, 0 to 1 */
export async function profileColumns(
  duck: Duck,
  path: string,
  columns: readonly ProfileInput[],
  rows: number,
  onProgress: (share: number) => void = () => undefined,
): Promise<ColumnProfile[]> {
  const source = `read_parquet(${quoteText(path)})`;
  const profiles: ColumnProfile[] = [];
  const group = groupOf(columns.length);
  for (let from = 0; from < columns.length; from += group) {
    const indices = Array.from({ length: Math.min(group, columns.length - from) }, (_, i) => from + i);
    const stats = await aggregate(duck, source, columns, indices, rows);
    const ranges = [...stats.values()].flatMap(({ range }) => range ?? []);
    const scans = await scanNumbers(duck, source, ranges, rows);
    const listed = indices.filter(
      (i) => columns[i]?.kind === 'string' || (stats.get(i)?.distinct ?? 0) <= listedNumbers,
    );
    const tops = await commonest(duck, source, listed, columns.length > 300);
    for (const i of indices) {
      const column = columns[i] as ProfileInput;
      const s = stats.get(i) as Stats;
      const scan = scans.get(i);
      const largest = Math.max(Math.abs(s.range?.min ?? 0), Math.abs(s.range?.max ?? 0));
      const top = tops.get(i);
      profiles.push({
        name: column.name,
        type: column.type,
        // float32 holds integers up to 2^24 and magnitudes up to 3.4e38.
        wide: (scan?.whole === true && largest > 2 ** 24) || largest > 3.4e38,
        missing: s.missing,
        distinct: top?.distinct ?? s.distinct,
        top: top?.values ?? [],
        ...(column.kind === 'number'
          ? {
              min: s.range?.min ?? null,
              max: s.range?.max ?? null,
              mean: scan?.mean ?? null,
              deviation: scan?.deviation ?? null,
              quantiles: scan?.quantiles ?? null,
              histogram: scan?.histogram ?? null,
            }
          : {}),
        ...(column.dateFormat ? { dateFormat: column.dateFormat } : {}),
      });
    }
    onProgress(profiles.length / columns.length);
  }
  return profiles;
}

async function aggregate(
  duck: Duck,
  source: string,
  columns: readonly ProfileInput[],
  indices: readonly number[],
  rows: number,
): Promise<Map<number, Stats>> {
  const width = 4;
  const parts = indices.flatMap((i) => {
    const c = `c${i}`;
    const distinct = rows <= exactRows ? `count(DISTINCT ${c})` : `approx_count_distinct(${c})`;
    const range = columns[i]?.kind === 'number' ? [`min(${c})`, `max(${c})`] : ['NULL', 'NULL'];
    return [`count(${c})`, distinct, ...range];
  });
  const [row = []] = await duck.rows(`SELECT ${parts.join(', ')} FROM ${source}`);
  return new Map(
    indices.map((i, k): [number, Stats] => {
      const [present, distinct, min, max] = row.slice(k * width, (k + 1) * width);
      return [
        i,
        {
          missing: rows - Number(present),
          distinct: Math.min(Number(distinct), Number(present)),
          range: min === null ? null : { index: i, min: Number(min), max: Number(max) },
        },
      ];
    }),
  );
}

interface Top {
  readonly values: { value: string; count: number }[];
  readonly distinct: number;
}

async function commonest(
  duck: Duck,
  source: string,
  listed: readonly number[],
  together: boolean,
): Promise<Map<number, Top>> {
  const tops = new Map<number, Top>();
  const add = (i: number, value: unknown, count: unknown, distinct: unknown) => {
    const top = tops.get(i) ?? { values: [], distinct: Number(distinct) };
    top.values.push({ value: String(value), count: Number(count) });
    tops.set(i, top);
  };
  if (!together) {
    for (const i of listed) {
      const rows = await duck.rows(
        `SELECT c${i}, count(*) AS n, count(*) OVER () FROM ${source} WHERE c${i} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${topValues}`,
      );
      for (const [value, n, distinct] of rows) add(i, value, n, distinct);
    }
    return tops;
  }
  // With thousands of columns one statement per column would open the file thousands of times.
  if (listed.length === 0) return tops;
  const list = listed.map((i) => `c${i}::VARCHAR AS c${i}`).join(', ');
  const rows = await duck.rows(
    `SELECT name, value, count(*) AS n, count(*) OVER (PARTITION BY name) FROM (UNPIVOT (SELECT ${list} FROM ${source}) ON COLUMNS(*) INTO NAME name VALUE value)
     GROUP BY name, value QUALIFY row_number() OVER (PARTITION BY name ORDER BY n DESC, value) <= ${topValues} ORDER BY name, n DESC, value`,
  );
  const numeric = /^-?\d+\.0$/;
  for (const [name, value, n, distinct] of rows) {
    const text = String(value);
    add(Number(String(name).slice(1)), numeric.test(text) ? text.slice(0, -2) : text, n, distinct);
  }
  return tops;
}
