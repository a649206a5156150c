/** The random numbers of steps: one pool of uniform numbers, read at drawn places by every dropout of every member. */
import { Random } from '../math/random.ts';

/** Places in the pool are multiples of this, so that members read whole rows of it. */
export const NOISE_ROW = 16;
/** Enough that masks of different steps hardly repeat, small enough to stay in the last-level cache. */
const EXTRA = 1 << 18;
/** The pool is the same for all: what a member reads depends on its own seed, not on those beside it. */
const POOL_SEED = 0x5eed;

/** A seed for every member; one number stands for itself and those that follow it. */
export function memberSeeds(seed: number | readonly number[], members: number): number[] {
  if (typeof seed === 'number') return Array.from({ length: members }, (_, k) => seed + k);
  if (seed.length !== members) throw new RangeError(`There are ${seed.length} seeds for ${members} members.`);
  return [...seed];
}

let drawn = new Float32Array(0);

/** The first `length` numbers of the pool. Drawing them takes as long as compiling a small program, so they are kept. */
function pool(length: number): Float32Array {
  if (drawn.length < length) {
    const random = new Random(POOL_SEED);
    drawn = Float32Array.from({ length }, () => random.uniform());
  }
  return drawn.subarray(0, length);
}

export class NoisePool {
  readonly values: Float32Array;
  /** Places that each member reads at per step. */
  readonly count: number;
  private readonly keys: readonly number[];

  /**
   * @param lengths numbers that a member reads at each place of a step; at least one place
   * @param seeds one per member
   */
  constructor(lengths: readonly number[], seeds: readonly number[]) {
    const longest = Math.ceil(Math.max(...lengths) / NOISE_ROW) * NOISE_ROW;
    this.values = pool(longest + EXTRA);
    this.count = lengths.length;
    this.keys = seeds.map((seed) => new Random(seed).uint32());
  }

  /**
   * Where in the pool `steps` steps from step `start` on read, in rows of NOISE_ROW numbers, [steps, places, members]:
   * drawn from each member's seed and the step's number, so that a resumed run repeats them.
   */
  offsets(start: number, steps: number): BigInt64Array {
    const members = this.keys.length;
    const places = new BigInt64Array(steps * this.count * members);
    for (let i = 0; i < steps; i++) {
      this.keys.forEach((key, k) => {
        const random = new Random(key + (start + i + 1) * 0x1_0000_0000);
        for (let d = 0; d < this.count; d++) {
          places[(i * this.count + d) * members + k] = BigInt(random.integer(EXTRA / NOISE_ROW));
        }
      });
    }
    return places;
  }

  /** The numbers that place `place` of step `i` of `offsets` stands for, `length` for each of the first `members` members. */
  read(offsets: BigInt64Array, i: number, place: number, length: number, members: number): Float32Array {
    const out = new Float32Array(length * members);
    for (let k = 0; k < members; k++) {
      const from = Number(offsets[(i * this.count + place) * this.keys.length + k]!) * NOISE_ROW;
      out.set(this.values.subarray(from, from + length), k * length);
    }
    return out;
  }
}
