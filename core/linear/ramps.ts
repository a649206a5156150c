/**
 * Numeric columns as sums of ramps: clamp((x - start) / width, 0, 1) between neighbouring quantiles. Any function that
 * is linear between the quantiles and constant outside is a weighted sum of them: the map to normal scores (one weight
 * per column) and splines (one weight per ramp). Statistics come from all rows, since they do not look at the target.
 */
import type { Features } from '../contracts/learner.ts';
import { normalQuantile } from '../math/normal.ts';
import { argsort } from '../math/sort.ts';
import { countedColumns } from '../prep/terms.ts';

export interface Ramps {
  /** Numeric features in use: those with a ramp. */
  readonly columns: number;
  /** Place of each numeric feature among those in use, -1 for others. */
  readonly place: Int32Array;
  /** Column of each ramp, ascending. */
  readonly column: Int32Array;
  readonly start: Float32Array;
  /** 1 / width. */
  readonly slope: Float32Array;
  /** Rise of the normal score over each ramp. */
  readonly rise: Float32Array;
  /** What missing values count as: the column's median. */
  readonly fill: Float32Array;
  /** Columns with missing values, which get an indicator. */
  readonly flagged: Int32Array;
}

/** Knots nearer to each other have a slope that float32 does not hold. */
const LEAST_WIDTH = 1e-37;

const kept = new WeakMap<Features, Map<number, Ramps>>();

/** What `fitRamps` gives, made once for each table and number of knots: folds and trials share it. */
export function rampsOf(features: Features, knots: number): Ramps {
  const known = kept.get(features) ?? new Map<number, Ramps>();
  kept.set(features, known);
  const ramps = known.get(knots) ?? fitRamps(features, knots);
  known.set(knots, ramps);
  return ramps;
}

/**
 * Places `knots` quantiles per column (fewer where values repeat). Constant columns get no ramp, and neither do counts
 * of words that are terms of a text.
 */
export function fitRamps(features: Features, knots: number): Ramps {
  const { rows } = features;
  const width = features.numericNames.length;
  const counted = countedColumns(features);
  const place = new Int32Array(width).fill(-1);
  let columns = 0;
  const column: number[] = [];
  const start: number[] = [];
  const slope: number[] = [];
  const rise: number[] = [];
  const fill = new Float32Array(width);
  const flagged: number[] = [];
  for (let j = 0; j < width; j++) {
    if (counted.has(j)) continue;
    const values = features.numeric.subarray(j * rows, (j + 1) * rows);
    const order = argsort(values);
    let n = rows;
    while (n > 0 && Number.isNaN(values[order[n - 1]!]!)) n--;
    if (n < rows) flagged.push(j);
    if (n === 0) continue;
    fill[j] = values[order[n >> 1]!]!;
    const { at, score } = placeKnots(values, order.subarray(0, n), knots);
    if (at.length > 1) place[j] = columns++;
    for (let k = 0; k + 1 < at.length; k++) {
      column.push(j);
      start.push(at[k]!);
      slope.push(1 / (at[k + 1]! - at[k]!));
      rise.push(score[k + 1]! - score[k]!);
    }
  }
  return {
    columns,
    place,
    column: Int32Array.from(column),
    start: Float32Array.from(start),
    slope: Float32Array.from(slope),
    rise: Float32Array.from(rise),
    fill,
    flagged: Int32Array.from(flagged),
  };
}

/** Distinct quantiles with the normal score of the middle of their ranks. */
function placeKnots(values: Float32Array, order: Int32Array, knots: number): { at: number[]; score: number[] } {
  const n = order.length;
  const at: number[] = [];
  const score: number[] = [];
  for (let k = 0; k < knots; k++) {
    const rank = Math.round((k * (n - 1)) / (knots - 1));
    const value = values[order[rank]!]!;
    if (at.length > 0 && !(value - at[at.length - 1]! > LEAST_WIDTH)) continue;
    let low = rank;
    let high = rank;
    while (low > 0 && values[order[low - 1]!] === value) low--;
    while (high + 1 < n && values[order[high + 1]!] === value) high++;
    at.push(value);
    score.push(normalQuantile(((low + high) / 2 + 0.5) / n));
  }
  return { at, score };
}

/** One ramp of one value in float32 steps, as the graph computes it. */
export function ramp(ramps: Ramps, r: number, x: number): number {
  const scaled = Math.fround(Math.fround(x - ramps.start[r]!) * ramps.slope[r]!);
  return scaled < 0 ? 0 : Math.min(scaled, 1);
}
