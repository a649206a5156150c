/** Ranks as numbers that linear models like: outliers stay far without being loud. */
import { normalQuantile } from '../math/normal.ts';

/** Normal scores of the values' ranks, ties averaged: the smallest is lowest; mean about 0, deviation about 1. */
export function normalScores(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const scores = new Float64Array(n);
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && values[order[to]!] === values[order[from]!]) to++;
    const score = normalQuantile(((from + to - 1) / 2 + 0.5) / n);
    for (let i = from; i < to; i++) scores[order[i]!] = score;
    from = to;
  }
  return scores;
}
