/** Mean, deviation, quantiles, histogram and wholeness of number columns in one streaming pass. */
import type { Duck } from './duckdb.ts';
import { doublesOf } from './vectors.ts';

export interface NumberRange {
  readonly index: number;
  readonly min: number;
  readonly max: number;
}

export interface NumberScan {
  /** Null where sums of huge numbers overflow. */
  readonly mean: number | null;
  /** Of the population. */
  readonly deviation: number | null;
  readonly quantiles: number[];
  readonly histogram: number[];
  /** All values are integers. */
  readonly whole: boolean;
}

export const quantilePoints = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
const bins = 24;
/** Quantiles of more rows come from a random part of this size: ranks are right to about 0.5 %. */
const quantileRows = 50_000;
/** Up to here all values count. */
export const exactRows = 100_000;

/**
 * @param source SQL of the table with columns c0, c1, …
 * @param ranges columns that have at least one value
 */
export async function scanNumbers(
  duck: Duck,
  source: string,
  ranges: readonly NumberRange[],
  rows: number,
): Promise<Map<number, NumberScan>> {
  if (ranges.length === 0) return new Map();
  const accumulators = ranges.map((range) => accumulator(range, rows));
  // Multiplying by the golden ratio spreads row numbers evenly, whatever order the rows are in.
  const threshold = rows <= exactRows ? 2 ** 32 : (quantileRows / rows) * 2 ** 32;
  const list = ranges.map(({ index }) => `coalesce(c${index}, 'NaN'::DOUBLE)`).join(', ');
  let first = 0;
  for await (const chunk of duck.chunks(`SELECT ${list} FROM ${source}`)) {
    const chosen: number[] = [];
    for (let r = 0; r < chunk.rowCount; r++) if (Math.imul(first + r, 0x9e3779b1) >>> 0 < threshold) chosen.push(r);
    first += chunk.rowCount;
    accumulators.forEach((add, k) => {
      add.take(doublesOf(chunk.getColumnVector(k)), chosen);
    });
  }
  return new Map(ranges.map(({ index }, k) => [index, (accumulators[k] as Accumulator).result()]));
}

export interface WholeScan {
  readonly range: NumberRange;
  readonly present: number;
  readonly distinct: number;
  readonly scan: NumberScan;
}

/**
 * As `scanNumbers` where nothing of the columns is known yet, for tables of at most `exactRows` rows: one pass that keeps
 * all values. Columns without any value are not in it.
 */
export async function scanWhole(
  duck: Duck,
  source: string,
  indices: readonly number[],
  rows: number,
): Promise<Map<number, WholeScan>> {
  const found = new Map<number, WholeScan>();
  if (indices.length === 0) return found;
  const kept = indices.map(() => new Float64Array(rows));
  let first = 0;
  const list = indices.map((index) => `coalesce(c${index}, 'NaN'::DOUBLE)`).join(', ');
  for await (const chunk of duck.chunks(`SELECT ${list} FROM ${source}`)) {
    kept.forEach((values, k) => {
      values.set(doublesOf(chunk.getColumnVector(k)), first);
    });
    first += chunk.rowCount;
  }
  const all = Array.from({ length: rows }, (_, row) => row);
  indices.forEach((index, k) => {
    // Missing values, which are NaN, come last.
    const sorted = (kept[k] as Float64Array).sort();
    let present = rows;
    while (present > 0 && Number.isNaN(sorted[present - 1])) present--;
    if (present === 0) return;
    const values = sorted.subarray(0, present);
    let distinct = 1;
    for (let i = 1; i < present; i++) if (values[i] !== values[i - 1]) distinct++;
    const range = { index, min: values[0] as number, max: values[present - 1] as number };
    const add = accumulator(range, rows);
    add.take(values, present === rows ? all : all.slice(0, present));
    found.set(index, { range, present, distinct, scan: add.result() });
  });
  return found;
}

interface Accumulator {
  take(values: Float64Array, chosen: readonly number[]): void;
  result(): NumberScan;
}

function accumulator({ min, max }: NumberRange, rows: number): Accumulator {
  const counts = new Float64Array(bins);
  const kept = new Float64Array(rows <= exactRows ? rows : 2 * quantileRows);
  // Halves first: the range itself may overflow.
  const half = max / 2 - min / 2;
  const scale = half > 0 ? bins / 2 / half : 0;
  const offset = min * scale;
  // Sums of differences from the middle lose no digits to a large offset.
  const middle = min + half;
  let n = 0;
  let sum = 0;
  let squares = 0;
  let whole = true;
  let size = 0;
  return {
    take(values, chosen) {
      for (let r = 0; r < values.length; r++) {
        const value = values[r] as number;
        // Only NaN, which is missing, differs from itself.
        // biome-ignore lint/suspicious/noSelfCompare: cheaper than a call in the innermost loop
        if (value !== value) continue;
        const bin = Math.floor(value * scale - offset);
        counts[bin < bins ? bin : bins - 1]!++;
        const difference = value - middle;
        n++;
        sum += difference;
        squares += difference * difference;
        if (whole && value !== Math.floor(value)) whole = false;
      }
      for (const r of chosen) {
        const value = values[r] as number;
        if (!Number.isNaN(value) && size < kept.length) kept[size++] = value;
      }
    },
    result() {
      const mean = middle + sum / n;
      const deviation = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
      const sorted = kept.subarray(0, size).sort();
      return {
        mean: Number.isFinite(mean) ? mean : null,
        deviation: Number.isFinite(deviation) ? deviation : null,
        quantiles: quantilePoints.map((q) => (size > 0 ? quantile(sorted, q) : middle)),
        histogram: Array.from(counts),
        whole,
      };
    },
  };
}

/** Linear between neighbours, as NumPy's default. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  const share = at - Math.floor(at);
  return share === 0 ? low : low * (1 - share) + high * share;
}
