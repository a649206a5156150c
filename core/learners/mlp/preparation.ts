/** What an MLP learns about its input columns before training: centres, scales, one-hot tables, embedding rows. */
import type { Features } from '../../contracts/learner.ts';
import { pieceEdges } from './pieces.ts';

/** Categorical columns with at most this many codes present (missing counted) become one-hot, others are embedded. */
const ONE_HOT_LIMIT = 9;
/** Values that medians and quartiles are taken from. */
const QUANTILE_ROWS = 20_000;
/** A column with more than this share of its values beyond the smooth clip also enters as a logarithm. */
const TAIL_SHARE = 0.01;
/** Pieces of one column, and of all columns together. */
const MOST_PIECES = 128;
const ALL_PIECES = 512;
/** Numbers in the training matrix that pieces may take: 100 MB. */
const MOST_NUMBERS = 25_000_000;
/** Where the smooth clip flattens, in scaled units. */
const CLIP = 3;

/** JSON and float32 numbers only, so that it can be stored with the model. */
export interface MlpPreparation {
  /** Numeric columns in use, those with more than two values first; constant ones are left out. */
  readonly columns: readonly number[];
  /** How many of `columns` have more than two values. */
  readonly continuous: number;
  /** Positions in `columns` of those with long tails: sign(z)·log(1 + |z|) of them comes first in the dense part. */
  readonly tails: readonly number[];
  readonly medians: readonly number[];
  readonly scales: readonly number[];
  /** Piecewise-linear encoding: position in `columns`, left edge and 1 / width of every piece. */
  readonly pieces: readonly { readonly at: number; readonly left: number; readonly slope: number }[];
  /** Columns with missing values in training, each with the values of its flag when present and when missing. */
  readonly flags: readonly { readonly column: number; readonly present: number; readonly missing: number }[];
  /** One-hot columns: a row of `width` values for each code. */
  readonly oneHot: readonly { readonly column: number; readonly width: number; readonly table: readonly number[] }[];
  /** Embedded columns: the table row of each code, row `first` for codes that training never saw. */
  readonly embedded: readonly { readonly column: number; readonly first: number; readonly rows: readonly number[] }[];
  /** Rows of the common embedding table. */
  readonly tableRows: number;
}

/** Width of the dense part that the preparation graph puts out. */
export function denseWidth(p: MlpPreparation): number {
  const width =
    p.tails.length +
    p.columns.length +
    p.pieces.length +
    p.flags.length +
    p.oneHot.reduce((sum, c) => sum + c.width, 0);
  return Math.max(width, p.embedded.length > 0 ? 0 : 1);
}

/** Positions in `columns` that the first numbers of the dense part are made of: logarithms, values and pieces. */
export function numberColumns({ columns, tails, pieces }: MlpPreparation): number[] {
  return [...tails, ...columns.keys(), ...pieces.map(({ at }) => at)];
}

/** Most pieces of one column. */
export function piecesPerColumn(columns: number, rows: number): number {
  const all = Math.min(ALL_PIECES, Math.floor(MOST_NUMBERS / rows));
  return Math.min(MOST_PIECES, Math.floor(all / columns));
}

/** Fits on the given rows; the target is not looked at. `breathe` is awaited between columns. */
export async function fitPreparation(
  features: Features,
  rows: Int32Array,
  breathe: () => Promise<void>,
  piecewise: boolean,
): Promise<MlpPreparation> {
  const numeric: NumericColumn[] = [];
  const count = piecesPerColumn(features.numericNames.length, features.rows);
  for (let j = 0; j < features.numericNames.length; j++) {
    numeric.push(numericColumn(features, j, rows, piecewise && count > 2 ? count : 0));
    await breathe();
  }
  const used = numeric.flatMap((c, j) => (c.scale > 0 ? [j] : []));
  const columns = [...used.filter((j) => numeric[j]!.distinct > 2), ...used.filter((j) => numeric[j]!.distinct <= 2)];
  const flags = numeric.flatMap(({ missing }, column) => {
    if (missing === 0 || missing === rows.length) return [];
    const { low, high } = binaryValues(missing / rows.length);
    return [{ column, present: low, missing: high }];
  });
  const oneHot: MlpPreparation['oneHot'][number][] = [];
  const embedded: MlpPreparation['embedded'][number][] = [];
  let tableRows = 0;
  features.cardinalities.forEach((cardinality, column) => {
    const counts = codeCounts(features, column, rows, cardinality);
    const present = [...counts.keys()].filter((code) => counts[code]! > 0);
    if (present.length < 2) return;
    if (present.length <= ONE_HOT_LIMIT) oneHot.push({ column, ...oneHotTable(counts, rows.length) });
    else {
      const first = tableRows;
      const own = new Map(present.map((code, i) => [code, first + 1 + i]));
      embedded.push({ column, first, rows: Array.from(counts, (_, code) => own.get(code) ?? first) });
      tableRows += present.length + 1;
    }
  });
  return {
    columns,
    continuous: columns.filter((j) => numeric[j]!.distinct > 2).length,
    pieces: columns.flatMap((j, at) => piecesOf(numeric[j]!.edges, at)),
    tails: columns.flatMap((j, at) => (numeric[j]!.tail > TAIL_SHARE ? [at] : [])),
    medians: columns.map((j) => numeric[j]!.median),
    scales: columns.map((j) => numeric[j]!.scale),
    flags,
    oneHot,
    embedded,
    tableRows,
  };
}

interface NumericColumn {
  readonly median: number;
  /** 0 for a column that says nothing. */
  readonly scale: number;
  /** 1, 2, or 3 for more. */
  readonly distinct: number;
  readonly missing: number;
  /** Share of values beyond the smooth clip. */
  readonly tail: number;
  readonly edges: readonly number[];
}

function piecesOf(edges: readonly number[], at: number): MlpPreparation['pieces'] {
  if (edges.length < 3) return [];
  return edges.slice(1).flatMap((right, i) => {
    const left = edges[i]!;
    const slope = Math.fround(1 / (right - left));
    return Number.isFinite(slope) ? [{ at, left, slope }] : [];
  });
}

function numericColumn(features: Features, column: number, rows: Int32Array, pieces: number): NumericColumn {
  const values = new Float32Array(rows.length);
  const from = column * features.rows;
  let n = 0;
  for (const row of rows) {
    const value = features.numeric[from + row]!;
    if (Number.isFinite(value)) values[n++] = value;
  }
  const sorted = thinned(values.subarray(0, n)).sort();
  const missing = rows.length - n;
  if (n === 0) return { median: 0, scale: 0, distinct: 0, missing, tail: 0, edges: [] };
  const low = sorted[0]!;
  const high = sorted[sorted.length - 1]!;
  const between = sorted.find((v) => v !== low);
  const distinct = between === undefined ? 1 : between === high ? 2 : 3;
  const median = Math.fround(quantile(sorted, 0.5));
  const scale = Math.fround(distinct === 1 ? 0 : 1 / spreadOf(sorted, median, distinct));
  if (!Number.isFinite(scale) || scale === 0) return { median: 0, scale: 0, distinct, missing, tail: 0, edges: [] };
  const far = sorted.reduce((count, v) => count + (Math.abs(v - median) * scale > CLIP ? 1 : 0), 0);
  const edges = pieces > 0 ? pieceEdges(sorted, pieces) : [];
  return { median, scale, distinct, missing, tail: far / sorted.length, edges };
}

/** What counts as one unit of a column: the interquartile range, or, where most values are equal, how far the others lie. */
function spreadOf(sorted: Float32Array, median: number, distinct: number): number {
  const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  if (range > 0) return range;
  if (distinct === 2) return (sorted[sorted.length - 1]! - sorted[0]!) / 2;
  const others = sorted.filter((v) => v !== median).map((v) => Math.abs(v - median));
  return quantile(others.sort(), 0.5);
}

/** Every k-th value where there are more than quantiles need. */
function thinned(values: Float32Array): Float32Array {
  const every = Math.ceil(values.length / QUANTILE_ROWS);
  return every <= 1 ? values : values.filter((_, i) => i % every === 0);
}

/** Quantile of sorted values with linear interpolation. */
function quantile(sorted: Float32Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}

function codeCounts(features: Features, column: number, rows: Int32Array, cardinality: number): Int32Array {
  const counts = new Int32Array(cardinality);
  const from = column * features.rows;
  for (const row of rows) counts[features.codes[from + row]!]!++;
  return counts;
}

/** Robust scaling and smooth clipping of a column that is 1 in this share of the rows and 0 elsewhere. */
function binaryValues(share: number): { low: number; high: number } {
  const median = share > 0.5 ? 1 : 0;
  const scale = share > 0.25 && share < 0.75 ? 1 : 2;
  const value = (x: number): number => {
    const scaled = (x - median) * scale;
    return Math.fround(scaled / Math.sqrt(1 + (scaled / 3) ** 2));
  };
  return { low: value(0), high: value(1) };
}

/** Two codes present: one column +1/-1, missing 0. More: a 0/1 column per code present but missing, robustly scaled. */
function oneHotTable(counts: Int32Array, rows: number): { width: number; table: number[] } {
  const present = [...counts.keys()].filter((code) => code > 0 && counts[code]! > 0);
  if (present.length === 2) {
    return { width: 1, table: Array.from(counts, (_, code) => [1, -1][present.indexOf(code)] ?? 0) };
  }
  const values = present.map((code) => binaryValues(counts[code]! / rows));
  const table = Array.from(counts, (_, code) => values.map((v, i) => (present[i] === code ? v.high : v.low)));
  return { width: present.length, table: table.flat() };
}
