/** Statistics of every column of an ingested table. */
import type { ColumnProfile, ColumnType } from '#core/contracts/dataset.ts';
import type { Duck } from './duckdb.ts';
import { aggregateLong, indexOf, inLongForm, longRows } from './long-form.ts';
import { exactRows, type NumberRange, type NumberScan, scanNumbers, scanWhole } from './scan-numbers.ts';

export interface ProfileInput {
  readonly name: string;
  readonly type: ColumnType;
  readonly kind: 'number' | 'string';
  readonly dateFormat?: string | undefined;
}

const topValues = 20;
/** Columns per pass over the file. With thousands of columns opening it is the cost, with many rows counting the cells. */
const groupOf = (columns: number, rows: number): number =>
  inLongForm(columns, rows) ? Math.max(50, Math.min(1000, Math.floor(5_000_000 / rows))) : 50;
/** Numbers with more distinct values than this have a histogram that says more than a list of the commonest. */
const listedNumbers = 200;

interface Stats {
  readonly missing: number;
  readonly distinct: number;
  /** Of number columns that hold any. */
  readonly range: NumberRange | null;
}

/**
 * @param source SQL of the table with columns c0, c1, …
 * @param onProgress share done, 0 to 1
 */
export async function profileColumns(
  duck: Duck,
  source: string,
  columns: readonly ProfileInput[],
  rows: number,
  onProgress: (share: number) => void = () => undefined,
): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  const group = groupOf(columns.length, rows);
  const long = inLongForm(columns.length, rows);
  for (let from = 0; from < columns.length; from += group) {
    const indices = Array.from({ length: Math.min(group, columns.length - from) }, (_, i) => from + i);
    const { stats, scans } = await (long ? lookTogether : lookApart)(duck, source, columns, indices, rows);
    const listed = indices.filter(
      (i) => columns[i]?.kind === 'string' || (stats.get(i)?.distinct ?? 0) <= listedNumbers,
    );
    const tops = long ? await commonestTogether(duck, source, columns, listed) : await commonest(duck, source, listed);
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

type Look = { readonly stats: Map<number, Stats>; readonly scans: Map<number, NumberScan> };

async function lookApart(
  duck: Duck,
  source: string,
  columns: readonly ProfileInput[],
  indices: readonly number[],
  rows: number,
): Promise<Look> {
  const stats = await aggregate(duck, source, columns, indices, rows);
  const ranges = [...stats.values()].flatMap(({ range }) => range ?? []);
  return { stats, scans: await scanNumbers(duck, source, ranges, rows) };
}

/** The strings by one expression for all, the numbers in one pass. */
async function lookTogether(
  duck: Duck,
  source: string,
  columns: readonly ProfileInput[],
  indices: readonly number[],
  rows: number,
): Promise<Look> {
  const stats = new Map<number, Stats>();
  const scans = new Map<number, NumberScan>();
  const of = (kind: 'number' | 'string') => indices.filter((i) => columns[i]?.kind === kind);
  const texts = await aggregateLong(duck, source, of('string'), 'count(value), count(DISTINCT value)');
  for (const i of of('string')) {
    const [present = 0, distinct = 0] = texts.get(i) ?? [];
    stats.set(i, { missing: rows - Number(present), distinct: Number(distinct), range: null });
  }
  const numbers = await scanWhole(duck, source, of('number'), rows);
  for (const i of of('number')) {
    const { present = 0, distinct = 0, range = null, scan } = numbers.get(i) ?? {};
    stats.set(i, { missing: rows - present, distinct, range });
    if (scan) scans.set(i, scan);
  }
  return { stats, scans };
}

interface Top {
  readonly values: { value: string; count: number }[];
  readonly distinct: number;
}

async function commonest(duck: Duck, source: string, listed: readonly number[]): Promise<Map<number, Top>> {
  const tops = new Map<number, Top>();
  for (const i of listed) {
    const rows = await duck.rows(
      `SELECT c${i}, count(*) AS n, count(*) OVER () FROM ${source} WHERE c${i} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${topValues}`,
    );
    for (const row of rows) addTop(tops, i, row);
  }
  return tops;
}

/** With thousands of columns one statement per column would open the file thousands of times. */
async function commonestTogether(
  duck: Duck,
  source: string,
  columns: readonly ProfileInput[],
  listed: readonly number[],
): Promise<Map<number, Top>> {
  const tops = new Map<number, Top>();
  for (const kind of ['number', 'string'] as const) {
    const alike = listed.filter((i) => columns[i]?.kind === kind);
    if (alike.length === 0) continue;
    const rows = await duck.rows(
      `SELECT name, value, count(*) AS n, count(*) OVER (PARTITION BY name) FROM ${longRows(source, alike)}
       GROUP BY name, value QUALIFY row_number() OVER (PARTITION BY name ORDER BY n DESC, value) <= ${topValues} ORDER BY name, n DESC, value`,
    );
    for (const [name, ...row] of rows) addTop(tops, indexOf(name), row);
  }
  return tops;
}

function addTop(tops: Map<number, Top>, index: number, [value, count, distinct]: readonly unknown[]): void {
  const top = tops.get(index) ?? { values: [], distinct: Number(distinct) };
  top.values.push({ value: String(value), count: Number(count) });
  tops.set(index, top);
}
