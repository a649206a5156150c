import type { Augmentation } from '../train/program.ts';
import { perRow } from './draw.ts';

/** Multiplies every row, such as a series, by a factor within 1 ± `by` (Um and others 2017). */
export function rescale({ by = 0.1 } = {}): Augmentation {
  return (e, x, shape) => e.mul(x, perRow(e, shape, 1 - by, 1 + by));
}
