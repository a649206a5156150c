/** How a latency is written: two figures, and no more precision than a clock gives. */
import { formatMilliseconds } from './format.ts';

const resolution = 0.01;

/** Milliseconds as `0.8 ms`; below a hundredth `<0.01 ms`. */
export function formatLatency(milliseconds: number): string {
  return milliseconds < resolution ? `<${resolution} ms` : formatMilliseconds(Number(milliseconds.toPrecision(2)));
}
