/** Intervals by the bootstrap (Efron 1979): rows drawn with replacement, as whole-number weights. */

import { Random } from '../math/random.ts';
import { quantile } from '../math/sort.ts';
import type { Evaluator } from './types.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Samples; by default 400, fewer on many rows, where the estimate varies little. */
  readonly samples?: number;
  /** Coverage; 0.95 by default. */
  readonly level?: number;
  /** Rows of one number are drawn together, as they are no independent evidence; -1 is a row by itself. */
  readonly clusters?: Int32Array | undefined;
}

type Resample = (random: Random, weights: Uint8Array) => void;

const add = (weights: Uint8Array, row: number) => {
  if (weights[row]! < 255) weights[row]!++;
};

const drawRows: Resample = (random, weights) => {
  weights.fill(0);
  const n = weights.length;
  for (let i = 0; i < n; i++) add(weights, random.integer(n));
};

/** As many clusters as there are, drawn with replacement. */
function drawClusters(clusters: Int32Array): Resample {
  const members = new Map<number, number[]>();
  clusters.forEach((cluster, row) => {
    const key = cluster < 0 ? -1 - row : cluster;
    const rows = members.get(key);
    if (rows) rows.push(row);
    else members.set(key, [row]);
  });
  const units = [...members.values()];
  return (random, weights) => {
    weights.fill(0);
    for (let i = 0; i < units.length; i++) for (const row of units[random.integer(units.length)]!) add(weights, row);
  };
}

const samplesFor = (rows: number) => Math.max(60, Math.min(400, Math.round(8e6 / Math.max(rows, 1))));

/** Percentile interval of a metric on `rows` rows; samples on which it is undefined (one class drawn) are left out. */
export function bootstrapInterval(evaluate: Evaluator, rows: number, options: BootstrapOptions): Interval {
  const { low, high } = spread(rows, options, (weights) => evaluate(weights));
  return { low, high };
}

/**
 * Interval of the difference `a - b` of one metric on the same rows (paired: each sample scores both), and the share
 * of samples in which it is above 0.
 */
export function pairedInterval(
  a: Evaluator,
  b: Evaluator,
  rows: number,
  options: BootstrapOptions,
): Interval & { readonly above: number } {
  return spread(rows, options, (weights) => a(weights) - b(weights));
}

function spread(rows: number, options: BootstrapOptions, score: (weights: Uint8Array) => number) {
  const random = new Random(options.seed);
  const weights = new Uint8Array(rows);
  const samples = options.samples ?? samplesFor(rows);
  const resample = options.clusters ? drawClusters(options.clusters) : drawRows;
  const values: number[] = [];
  for (let s = 0; s < samples; s++) {
    resample(random, weights);
    const value = score(weights);
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((x, y) => x - y);
  const tail = (1 - (options.level ?? 0.95)) / 2;
  const above = values.filter((value) => value > 0).length / Math.max(values.length, 1);
  return { low: quantile(values, tail), high: quantile(values, 1 - tail), above };
}
