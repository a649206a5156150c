/** Latency of one run, measured where it will be used. */

export interface Latency {
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
  readonly runs: number;
}

/** Quantile by linear interpolation of sorted values. */
export function quantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const below = sorted[low]!;
  return below + (at - low) * ((sorted[low + 1] ?? below) - below);
}

/**
 * Times `run` until `milliseconds` or `maxRuns` are used up, after warm-up runs that do not count.
 * @param now clock in milliseconds
 */
export async function measureLatency(
  run: () => Promise<unknown>,
  now: () => number,
  { warmUp = 5, milliseconds = 400, maxRuns = 300, minRuns = 10 } = {},
): Promise<Latency> {
  for (let i = 0; i < warmUp; i++) await run();
  const times: number[] = [];
  const end = now() + milliseconds;
  while (times.length < maxRuns && (times.length < minRuns || now() < end)) {
    const start = now();
    await run();
    times.push(now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: quantile(times, 0.5), p95: quantile(times, 0.95), runs: times.length };
}
