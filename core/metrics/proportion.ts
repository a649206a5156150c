/** A share of rows with the interval that its number of rows allows. */
import type { Interval } from './bootstrap.ts';

/** Normal quantile of 97.5 %. */
const Z = 1.959964;

/** Wilson's score interval of a share at 95 % (Wilson 1927); all of [0, 1] where there are no rows. */
export function wilsonInterval(share: number, rows: number): Interval {
  if (rows === 0) return { low: 0, high: 1 };
  const z2 = (Z * Z) / rows;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (Z / (1 + z2)) * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
