/** Statistics of every column of an ingested Parquet file. */
import type { ColumnProfile, ColumnType } from '#core/contracts/dataset.ts';
import { type Duck, quoteText } from './duckdb.ts';
import { doublesOf } from './vectors.ts';

export interface ProfileInput {
  readonly name: string;
  readonly type: ColumnType;
  readonly kind: 'number' | 'string';
  readonly dateFormat?: string | undefined;
}

/** Beyond this many rows distinct values are estimated and quantiles come from a sketch. */
const exactRows = 100_000;
const bins = 24;
const topValues = 20;
/** Columns per statement. With thousands of columns opening the file is the cost. */
const groupOf = (columns: number): number => Math.max(50, Math.ceil(columns / 40));
/** Numbers with more distinct values than this have a histogram that says more than a list of the commonest. */
const listedNumbers = 200;
export const quantilePoints = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** SQL: the value where its square is still a double, so that sums of squares do not overflow. */
const bounded = (c: string): string => `CASE WHEN abs(${c}) < 1e150 THEN ${c} END`;

interface Stats {
  missing: number;
  distinct: number;
  min?: number;
  max?: number;
  mean?: number;
  deviation?: number;
  quantiles?: number[];
  wide: boolean;
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
    const numbers = indices.filter((i) => columns[i]?.kind === 'number');
    const histograms = await countBins(duck, source, numbers, stats);
    const listed = indices.filter(
      (i) => columns[i]?.kind === 'string' || (stats.get(i)?.distinct ?? 0) <= listedNumbers,
    );
    const tops = await commonest(duck, source, listed, columns.length > 300);
    for (const i of indices) {
      const column = columns[i] as ProfileInput;
      const s = stats.get(i) as Stats;
      const top = tops.get(i);
      profiles.push({
        name: column.name,
        type: column.type,
        wide: s.wide,
        missing: s.missing,
        distinct: top?.distinct ?? s.distinct,
        top: top?.values ?? [],
        ...(column.kind === 'number'
          ? {
              min: s.min ?? null,
              max: s.max ?? null,
              mean: s.mean ?? null,
              deviation: s.deviation ?? null,
              quantiles: s.quantiles ?? null,
              histogram: histograms.get(i) ?? null,
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
  const exact = rows <= exactRows;
  const width = 8;
  const parts = indices.flatMap((i) => {
    const c = `c${i}`;
    const distinct = exact ? `count(DISTINCT ${c})` : `approx_count_distinct(${c})`;
    if (columns[i]?.kind !== 'number') return [`count(${c})`, distinct, ...Array(width - 2).fill('NULL')];
    const quantile = exact ? 'quantile_cont' : 'approx_quantile';
    return [
      `count(${c})`,
      distinct,
      `min(${c})`,
      `max(${c})`,
      `avg(${bounded(c)})`,
      `stddev_pop(${bounded(c)})`,
      `${quantile}(${c}, [${quantilePoints.join(', ')}])`,
      `bool_and(${c} = trunc(${c}))`,
    ];
  });
  const [row = []] = await duck.rows(`SELECT ${parts.join(', ')} FROM ${source}`);
  return new Map(
    indices.map((i, k): [number, Stats] => {
      const [present, distinct, min, max, mean, deviation, quantiles, whole] = row.slice(k * width, (k + 1) * width);
      const base = { missing: rows - Number(present), distinct: Math.min(Number(distinct), Number(present)) };
      if (columns[i]?.kind !== 'number' || min === null) return [i, { ...base, wide: false }];
      const largest = Math.max(Math.abs(Number(min)), Math.abs(Number(max)));
      return [
        i,
        {
          ...base,
          min: Number(min),
          max: Number(max),
          ...finiteEntries({ mean, deviation }),
          quantiles: (quantiles as number[]).map(Number),
          // float32 holds integers up to 2^24 and magnitudes up to 3.4e38.
          wide: (whole === true && largest > 2 ** 24) || largest > 3.4e38,
        },
      ];
    }),
  );
}

/** Sums of huge numbers overflow; JSON has no word for that, so the entry is left out. */
function finiteEntries(values: { mean: unknown; deviation: unknown }): Partial<Stats> {
  return Object.fromEntries(
    Object.entries(values)
      .map(([key, value]) => [key, Number(value)] as const)
      .filter(([, value]) => Number.isFinite(value)),
  );
}

/** Equal-width counts between minimum and maximum; one streaming pass. */
async function countBins(
  duck: Duck,
  source: string,
  numbers: readonly number[],
  stats: ReadonlyMap<number, Stats>,
): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  const open = numbers.filter((i) => stats.get(i)?.min !== undefined);
  if (open.length === 0) return found;
  const shape = open.map((i) => {
    const { min = 0, max = 0 } = stats.get(i) as Stats;
    const counts = new Array<number>(bins).fill(0);
    found.set(i, counts);
    // Halves first: the range itself may overflow.
    const half = max / 2 - min / 2;
    return { min, scale: half > 0 ? bins / 2 / half : 0, counts };
  });
  const list = open.map((i) => `coalesce(c${i}, 'NaN'::DOUBLE)`).join(', ');
  for await (const chunk of duck.chunks(`SELECT ${list} FROM ${source}`)) {
    shape.forEach(({ min, scale, counts }, k) => {
      const items = doublesOf(chunk.getColumnVector(k));
      for (let r = 0; r < items.length; r++) {
        const value = items[r] as number;
        if (Number.isNaN(value)) continue;
        const bin = Math.min(bins - 1, Math.floor(value * scale - min * scale));
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
    });
  }
  return found;
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
