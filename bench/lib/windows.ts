/** Windows of a table of series for forecasting, each channel by itself, standardised with the training part. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from '#core/contracts/runtime.ts';
import { parseCsv } from './csv.ts';

export interface SplitSeries {
  /** Standardised values by channel. */
  readonly channels: readonly Float64Array[];
  /** First and one past the last row of each part. */
  readonly split: Readonly<Record<'train' | 'val' | 'test', readonly [number, number]>>;
}

/** Reads `file` with the split of `meta.json`; its first column is the time. */
export function readSplitSeries(folder: string, file: string): SplitSeries {
  const { split } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as Pick<SplitSeries, 'split'>;
  const { header, rows } = parseCsv(readFileSync(join(folder, file), 'utf8'));
  const channels = header.slice(1).map((_, c) => {
    const values = Float64Array.from(rows, (r) => Number(r[c + 1]));
    const known = values.subarray(...split.train);
    const mean = known.reduce((a, b) => a + b, 0) / known.length;
    const deviation = Math.sqrt(known.reduce((a, b) => a + (b - mean) ** 2, 0) / known.length);
    return values.map((v) => (v - mean) / deviation);
  });
  return { channels, split };
}

/**
 * `past` values and the `horizon` after them at every place where the horizon lies in the part; as usual the past of the
 * first windows of validation and test reaches back into the part before.
 */
export function windowsOf(
  { channels, split }: SplitSeries,
  part: 'train' | 'val' | 'test',
  past: number,
  horizon: number,
): { x: Tensor; y: Tensor; count: number } {
  const [from, to] = split[part];
  const first = Math.max(from, part === 'train' ? from + past : from);
  const places = to - horizon - first + 1;
  const count = places * channels.length;
  const x = new Float32Array(count * past);
  const y = new Float32Array(count * horizon);
  let row = 0;
  for (let at = first; at < first + places; at++) {
    for (const channel of channels) {
      x.set(channel.subarray(at - past, at), row * past);
      y.set(channel.subarray(at, at + horizon), row * horizon);
      row++;
    }
  }
  const tensor = (data: Float32Array, width: number): Tensor => ({ type: 'float32', dims: [count, width], data });
  return { x: tensor(x, past), y: tensor(y, horizon), count };
}
