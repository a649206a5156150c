/** What dropout compares with its rate: one seeded pool of uniform numbers, read at a drawn place by each dropout of each step. */
import { Random } from '../math/random.ts';

/** Enough that masks of different steps hardly repeat, small enough to stay in the last-level cache. */
const EXTRA = 1 << 18;

export class NoisePool {
  readonly values: Float32Array;
  /** Dropouts of a step. */
  readonly count: number;
  private readonly seed: number;

  /** @param lengths numbers that each dropout of a step reads; at least one dropout */
  constructor(lengths: readonly number[], seed: number) {
    const random = new Random(seed);
    this.values = Float32Array.from({ length: Math.max(...lengths) + EXTRA }, () => random.uniform());
    this.count = lengths.length;
    this.seed = seed;
  }

  /**
   * Where in the pool each dropout of `steps` steps from step `start` on reads, [steps, dropouts]: drawn from the seed
   * and the step's number, so that a resumed run repeats them.
   */
  offsets(start: number, steps: number): BigInt64Array {
    const places = new BigInt64Array(steps * this.count);
    for (let i = 0; i < steps; i++) {
      const random = new Random(this.seed + (start + i + 1) * 0x1_0000_0000);
      for (let d = 0; d < this.count; d++) places[i * this.count + d] = BigInt(random.integer(EXTRA));
    }
    return places;
  }
}
