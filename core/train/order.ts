/** Which rows each step of each member takes: every epoch a new seeded permutation, the last partial batch dropped. */
import { Random } from '../math/random.ts';

export class BatchOrder {
  private readonly rows: readonly Int32Array[];
  private readonly randoms: readonly Random[];
  private readonly batch: number;
  private at: number;
  readonly stepsPerEpoch: number;

  /**
   * @param rows training rows of each member, at least `batch` each
   * @param seeds one per member; member k's order depends on seeds[k] and its rows only
   */
  constructor(rows: readonly Int32Array[], seeds: readonly number[], batch: number) {
    this.rows = rows.map((r) => r.slice());
    this.randoms = seeds.map((seed) => new Random(seed));
    this.batch = batch;
    this.stepsPerEpoch = Math.floor(Math.min(...rows.map((r) => r.length)) / batch);
    if (this.stepsPerEpoch < 1) throw new RangeError(`A batch of ${batch} rows is more than a member has.`);
    this.at = this.stepsPerEpoch;
  }

  /** Row indices of `count` steps for timing, [count, K, batch]: the order goes on as if they had not been asked for. */
  peek(count: number): BigInt64Array {
    const steps = Array.from({ length: count }, () => this.rows.map((r) => r.subarray(0, this.batch)));
    return BigInt64Array.from(
      steps.flat().flatMap((r) => [...r]),
      BigInt,
    );
  }

  /** Row indices of the next `count` steps, [count, K, batch]. */
  next(count: number): BigInt64Array {
    const members = this.rows.length;
    const out = new BigInt64Array(count * members * this.batch);
    let p = 0;
    for (let s = 0; s < count; s++) {
      if (this.at === this.stepsPerEpoch) {
        this.at = 0;
        this.rows.forEach((r, k) => {
          this.randoms[k]!.shuffle(r);
        });
      }
      const from = this.at++ * this.batch;
      for (const r of this.rows) for (let i = from; i < from + this.batch; i++) out[p++] = BigInt(r[i]!);
    }
    return out;
  }
}
