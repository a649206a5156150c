/** How the graph of a step reads the pool of noise (noise.ts). */
import type { Shape } from '../ir/shape.ts';
import { countOf } from '../ir/shape.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import { NOISE_ROW } from './noise.ts';

/** Collects how many numbers a member reads at each place of a step. */
export class UniformSource {
  readonly lengths: number[] = [];
  private readonly outer: GraphBuilder;
  private readonly members: number;
  private table: string | null = null;

  /** @param outer the graph around the loop of steps, with an input `noise` */
  constructor(outer: GraphBuilder, members: number) {
    this.outer = outer;
    this.members = members;
  }

  /**
   * Uniform numbers in [0, 1) of `shape`, of which members read their own where its first axis is theirs; all share those
   * of the first otherwise.
   * @param offsets gives the name of [places, members] rows of the pool
   */
  read(body: GraphBuilder, offsets: () => string, shape: Shape): string {
    const readers = shape[0] === this.members ? this.members : 1;
    const length = countOf(shape) / readers;
    const starts = body.node('Gather', [offsets(), body.int64(this.lengths.length)], { axis: 0 });
    this.lengths.push(length);
    const dims = shape as readonly number[];
    if (readers === 1) {
      const row = this.members === 1 ? starts : body.node('Slice', [starts, body.int64([0]), body.int64([1])]);
      const from = body.node('Mul', [row, body.int64([NOISE_ROW])]);
      const to = body.node('Add', [from, body.int64([length])]);
      return body.node('Reshape', [body.node('Slice', ['noise', from, to]), body.int64(dims)]);
    }
    const rows = Math.ceil(length / NOISE_ROW);
    const following = body.int64(
      Array.from({ length: rows }, (_, i) => i),
      [1, rows],
    );
    const index = body.node('Add', [body.node('Reshape', [starts, body.int64([readers, 1])]), following]);
    this.table ??= this.outer.node('Reshape', ['noise', this.outer.int64([-1, NOISE_ROW])]);
    const taken = body.node('Gather', [this.table, index], { axis: 0 });
    if (rows * NOISE_ROW === length) return body.node('Reshape', [taken, body.int64(dims)]);
    const flat = body.node('Reshape', [taken, body.int64([readers, rows * NOISE_ROW])]);
    const cut = body.node('Slice', [flat, body.int64([0]), body.int64([length]), body.int64([1])]);
    return body.node('Reshape', [cut, body.int64(dims)]);
  }
}
