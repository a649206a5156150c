/** Sorting of float32 keys by radix: linear in the number of rows, for ranks, quantiles and AUC. */

/**
 * Indices that sort `keys` ascending; equal keys keep their order; NaN comes last.
 * Three passes of 11 bits over the bit patterns, flipped so that they order like the numbers.
 */
export function argsort(keys: Float32Array): Int32Array {
  const n = keys.length;
  const flipped = new Uint32Array(n);
  const bits = new Uint32Array(keys.buffer, keys.byteOffset, n);
  const counts = new Uint32Array(3 * 2048);
  for (let i = 0; i < n; i++) {
    const b = bits[i]!;
    // Negative numbers: all bits flipped; others: sign bit set. -0 counts as 0.
    const f = b === 0x80000000 ? 0x80000000 : b >>> 31 && !Number.isNaN(keys[i]) ? ~b >>> 0 : (b | 0x80000000) >>> 0;
    flipped[i] = f;
    counts[f & 2047]!++;
    counts[2048 + ((f >>> 11) & 2047)]!++;
    counts[4096 + (f >>> 22)]!++;
  }
  let from = new Int32Array(n);
  let to = new Int32Array(n);
  for (let i = 0; i < n; i++) from[i] = i;
  for (let pass = 0; pass < 3; pass++) {
    const shift = 11 * pass;
    let sum = 0;
    for (let b = pass * 2048; b < (pass + 1) * 2048; b++) {
      const count = counts[b]!;
      counts[b] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const row = from[i]!;
      const bucket = pass * 2048 + ((flipped[row]! >>> shift) & 2047);
      to[counts[bucket]!++] = row;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Value at the fraction `q` of ascending `sorted`, linear between neighbours (numpy's default). NaN when empty. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const at = Math.min(Math.max(q, 0), 1) * (n - 1);
  const low = Math.floor(at);
  const a = sorted[low]!;
  const b = sorted[Math.min(low + 1, n - 1)]!;
  return a + (b - a) * (at - low);
}

/** Smallest value at which values of at least the share `q` of all weight are reached. NaN when empty. */
export function weightedQuantile(values: readonly number[], weights: readonly number[], q: number): number {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const wanted = q * weights.reduce((a, b) => a + b, 0);
  let reached = 0;
  for (const i of order) {
    reached += weights[i]!;
    // Sums of shares miss theirs by rounding.
    if (reached >= wanted * (1 - 1e-12)) return values[i]!;
  }
  return Number.NaN;
}
