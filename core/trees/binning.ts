/**
 * Cuts a float32 column into at most 255 bins. Thresholds are float32 numbers t with a <= t < b for neighbouring
 * values a < b, so that `x <= t` decides the same in the trainer (on bins), in TypeScript and in an ONNX runtime.
 * Rules after LightGBM (Ke and others 2017): equal frequency, with heavy values in bins of their own.
 */
import { Random } from '../math/random.ts';

/** Rows looked at when thresholds are chosen. */
const SAMPLE_ROWS = 60_000;

/** The largest number of value bins: codes are bytes and one code is kept for missing values. */
export const MAX_BINS = 255;

/** A float32 number t with a <= t < b, near the middle. Requires a < b; infinite ends are allowed. */
export function thresholdBetween(a: number, b: number): number {
  const middle = Math.fround(a + (b - a) / 2);
  return middle >= a && middle < b ? middle : a;
}

/**
 * Chooses ascending thresholds for one column.
 * @param values float32 values, NaN for missing (ignored)
 * @param rows rows to look at, or undefined for all
 * @returns thresholds; k thresholds make k + 1 bins, value v lies in the first bin b with v <= thresholds[b]
 */
export function findThresholds(
  values: Float32Array,
  rows: Int32Array | undefined,
  maxBins: number,
  minRowsPerBin = 3,
): Float32Array {
  const { distinct, counts, total } = countDistinct(values, rows);
  const limit = Math.min(maxBins, MAX_BINS);
  if (distinct.length <= 1) return new Float32Array(0);
  const bins = Math.max(2, Math.min(limit, Math.floor(total / minRowsPerBin)));
  const cuts =
    distinct.length <= limit
      ? cutEverywhere(counts, minRowsPerBin)
      : cutAroundZero(distinct, counts, bins, minRowsPerBin);
  return Float32Array.from(cuts, (i) => thresholdBetween(distinct[i]!, distinct[i + 1]!));
}

function countDistinct(values: Float32Array, rows: Int32Array | undefined) {
  const n = rows ? rows.length : values.length;
  const random = new Random(n);
  const sampled = Math.min(n, SAMPLE_ROWS);
  const sorted = new Float32Array(sampled);
  let total = 0;
  for (let i = 0; i < sampled; i++) {
    // One random row of each of `sampled` equal stretches: spread over the table, whatever its order.
    const at = sampled === n ? i : Math.floor(((i + random.uniform()) * n) / sampled);
    const value = values[rows ? rows[at]! : at]!;
    if (!Number.isNaN(value)) sorted[total++] = value;
  }
  const used = sorted.subarray(0, total).sort();
  const distinct = new Float32Array(total);
  const counts = new Int32Array(total);
  let kinds = 0;
  for (let i = 0; i < total; i++) {
    const value = used[i]!;
    if (kinds === 0 || value !== distinct[kinds - 1]) {
      distinct[kinds] = value;
      counts[kinds++] = 1;
    } else counts[kinds - 1]!++;
  }
  return { distinct: distinct.subarray(0, kinds), counts: counts.subarray(0, kinds), total };
}

/** One bin per distinct value, joined until each bin holds `minRows` rows. Returns the last value index of each bin but the last. */
function cutEverywhere(counts: Int32Array, minRows: number): number[] {
  const cuts: number[] = [];
  let held = 0;
  for (let i = 0; i < counts.length - 1; i++) {
    held += counts[i]!;
    if (held >= minRows) {
      cuts.push(i);
      held = 0;
    }
  }
  return cuts;
}

/** Parts negative from other values, as signs often matter, and shares the bins by their numbers of rows. */
function cutAroundZero(distinct: Float32Array, counts: Int32Array, bins: number, minRows: number): number[] {
  const sum = (part: Int32Array) => part.reduce((a, b) => a + b, 0);
  const total = sum(counts);
  let zero = 0;
  while (zero < distinct.length && distinct[zero]! < 0) zero++;
  const below = sum(counts.subarray(0, zero));
  if (below < minRows || total - below < minRows) return cutEqually(counts, total, bins, minRows);
  const binsBelow = Math.min(bins - 1, Math.max(1, Math.round((bins * below) / total)));
  return [
    ...cutEqually(counts.subarray(0, zero), below, binsBelow, minRows),
    zero - 1,
    ...cutEqually(counts.subarray(zero), total - below, bins - binsBelow, minRows).map((cut) => zero + cut),
  ];
}

/** Greedy equal frequency: values as frequent as a mean bin stand alone, the others share what is left. */
function cutEqually(counts: Int32Array, total: number, bins: number, minRows: number): number[] {
  const mean = total / bins;
  const heavy = Uint8Array.from(counts, (count) => (count >= mean ? 1 : 0));
  let lightRows = 0;
  let lightBins = bins;
  for (let i = 0; i < counts.length; i++) {
    if (heavy[i]) lightBins--;
    else lightRows += counts[i]!;
  }
  let target = lightBins > 0 ? lightRows / lightBins : Infinity;
  const cuts: number[] = [];
  let held = 0;
  for (let i = 0; i < counts.length - 1 && cuts.length < bins - 1; i++) {
    held += counts[i]!;
    if (!heavy[i]) lightRows -= counts[i]!;
    const close =
      heavy[i] === 1 ||
      held >= target ||
      (heavy[i + 1] === 1 && held >= Math.max(minRows, target / 2) && target < Infinity);
    if (!close || held < minRows) continue;
    cuts.push(i);
    held = 0;
    if (!heavy[i]) {
      lightBins--;
      target = lightBins > 0 ? lightRows / lightBins : Infinity;
    }
  }
  return cuts;
}

/**
 * Writes the bin of each value: the first b with value <= thresholds[b], `thresholds.length` above all of them,
 * and one more for missing values.
 * @param rows rows to read in that order, or undefined for all
 */
export function binColumn(values: Float32Array, thresholds: Float32Array, rows?: Int32Array): Uint8Array {
  const n = rows ? rows.length : values.length;
  const bins = new Uint8Array(n);
  const missing = thresholds.length + 1;
  for (let i = 0; i < n; i++) {
    const value = values[rows ? rows[i]! : i]!;
    if (Number.isNaN(value)) {
      bins[i] = missing;
      continue;
    }
    let low = 0;
    let high = thresholds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= thresholds[middle]!) high = middle;
      else low = middle + 1;
    }
    bins[i] = low;
  }
  return bins;
}
