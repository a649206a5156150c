/** Which rows each step of each member takes: every epoch a new seeded permutation of the member's rows. */
import { Random } from '../math/random.ts';

/** What happens to the rows that fill no whole batch at the end of an epoch: left out, or a batch filled up and masked. */
export type LastBatch = 'drop' | 'mask';

class MemberOrder {
  readonly rows: Int32Array;
  private readonly random: Random;
  private readonly batch: number;
  private at: number;
  readonly steps: number;

  constructor(rows: Int32Array, seed: number, batch: number, last: LastBatch) {
    this.rows = rows.slice();
    this.random = new Random(seed);
    this.batch = batch;
    this.steps = last === 'mask' ? Math.ceil(rows.length / batch) : Math.floor(rows.length / batch);
    if (this.steps < 1) throw new RangeError(`A batch of ${batch} rows is more than a member has.`);
    this.at = this.steps;
  }

  /** Writes one batch into `rows` and the weights of its rows, whose mean is 1, into `weights`. */
  next(rows: BigInt64Array, weights: Float32Array): void {
    if (this.at === this.steps) {
      this.at = 0;
      this.random.shuffle(this.rows);
    }
    const from = this.at++ * this.batch;
    const present = Math.min(this.batch, this.rows.length - from);
    for (let i = 0; i < this.batch; i++) {
      rows[i] = BigInt(this.rows[i < present ? from + i : 0]!);
      weights[i] = i < present ? this.batch / present : 0;
    }
  }
}

export interface Batches {
  /** Row indices [count, K, batch]. */
  readonly order: BigInt64Array;
  /** Weights of the rows in a batch's mean loss, [count, K, batch]: 0 for those that only fill up the last batch. */
  readonly mask: Float32Array;
}

export class BatchOrder {
  private members: readonly MemberOrder[];
  private readonly batch: number;

  /**
   * @param rows training rows of each member, at least `batch` each unless the last batch is masked
   * @param seeds one per member; member k's order depends on seeds[k] and its rows only
   */
  constructor(rows: readonly Int32Array[], seeds: readonly number[], batch: number, last: LastBatch = 'drop') {
    this.members = rows.map((r, k) => new MemberOrder(r, seeds[k]!, batch, last));
    this.batch = batch;
  }

  /** Steps of the shortest member's epoch. */
  get stepsPerEpoch(): number {
    return Math.min(...this.members.map((m) => m.steps));
  }

  /** Row indices of `count` steps for timing, [count, K, batch]: the order goes on as if they had not been asked for. */
  peek(count: number): BigInt64Array {
    const step = this.members.flatMap(({ rows }) =>
      Array.from({ length: this.batch }, (_, i) => BigInt(rows[i % rows.length]!)),
    );
    return BigInt64Array.from({ length: count * step.length }, (_, i) => step[i % step.length]!);
  }

  /** Row indices of the next `count` steps, [count, K, batch]. */
  next(count: number): BigInt64Array {
    return this.nextMasked(count).order;
  }

  /** The next `count` steps with the weights of their rows, for a data input of kind `step`. */
  nextMasked(count: number): Batches {
    const size = this.batch;
    const order = new BigInt64Array(count * this.members.length * size);
    const mask = new Float32Array(order.length);
    for (let at = 0; at < order.length; ) {
      for (const member of this.members) {
        member.next(order.subarray(at, at + size), mask.subarray(at, at + size));
        at += size;
      }
    }
    return { order, mask };
  }

  /** The order of the members `kept` alone, which go on where they are; this one must not be used any more. */
  keep(kept: readonly number[]): BatchOrder {
    const rest = new BatchOrder([], [], this.batch);
    rest.members = kept.map((k) => this.members[k]!);
    return rest;
  }
}
