/** Ranks as numbers that linear models like: outliers stay far without being loud. */
import { normalQuantile } from '../math/normal.ts';
import { ranksOf } from '../math/ranks.ts';

/** Normal scores of the values' ranks, ties averaged: the smallest is lowest; mean about 0, deviation about 1. */
export function normalScores(values: ArrayLike<number>): Float64Array {
  return ranksOf(values).map((rank) => normalQuantile((rank - 0.5) / values.length));
}
