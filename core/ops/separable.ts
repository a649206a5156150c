/** Linear maps that act on each of the last axes by itself: a matrix per axis, as interpolation and averaging are. */
import type { Emitter } from './emitter.ts';

/** Weights [from, to], row-major. */
export interface AxisMap {
  readonly from: number;
  readonly to: number;
  readonly weights: ArrayLike<number>;
}

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/**
 * Maps the last axes of x [rows, ...size], one map an axis, from `from` to `to`, or, `back`, by the transposed maps: the
 * gradient. The result is [rows, ...] flattened as the product leaves it; reshape it.
 */
export function alongAxes(
  e: Emitter,
  x: string,
  rows: number | string,
  maps: readonly AxisMap[],
  back: boolean,
): string {
  const size = maps.map((m) => (back ? m.to : m.from));
  let mapped = x;
  // The last axis first: its products have the long rows.
  for (let i = maps.length - 1; i >= 0; i--) {
    const { from, to, weights } = maps[i]!;
    const matrix = { name: e.constant(weights, [from, to]), shape: [from, to] };
    const before = count(size.slice(0, i));
    const [inner, after] = [size[i]!, count(size.slice(i + 1))];
    const lead = typeof rows === 'number' ? rows * before : rows;
    if (after === 1) {
      mapped = e.matmul({ name: e.reshape(mapped, [lead, inner]), shape: [lead, inner] }, matrix, false, back);
    } else {
      const shape = [lead, inner, after];
      mapped = e.matmul(matrix, { name: e.reshape(mapped, shape), shape }, !back, false);
    }
    size[i] = back ? from : to;
  }
  return mapped;
}
