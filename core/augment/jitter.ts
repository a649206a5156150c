import { normalNoise } from '../ops/normal-noise.ts';
import type { Augmentation } from '../train/program.ts';

/** Adds normal noise of this deviation to every number of a series (Um and others 2017). */
export function jitter({ deviation = 0.03 } = {}): Augmentation {
  return (e, x, shape) => e.add(x, e.mul(normalNoise(e, shape), e.scalar(deviation)));
}
