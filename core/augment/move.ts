/** Rows read at other places of an axis: what flips, shifts and crops have in common. */
import type { Emitter } from '../ops/emitter.ts';

/**
 * `x` of `shape` [K, N, ...] with place i of `axis` read from `from` (float32, [K, N, 1, ..., d, ..., 1]); places outside
 * are read from the edge, or as 0.
 */
export function readAlong(
  e: Emitter,
  x: string,
  shape: readonly number[],
  axis: number,
  from: string,
  outside: 'edge' | 'zero',
): string {
  const size = shape[axis]!;
  const inside = e.op('Clip', [from, e.scalar(0), e.scalar(size - 1)]);
  // One gather of whole blocks: rows are numbered through all axes up to this one.
  const before = shape.slice(0, axis + 1).reduce((a, b) => a * b, 1);
  const after = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const lines = shape.slice(0, axis);
  const starts = Array.from({ length: before / size }, (_, i) => i * size);
  const base = e.graph.int64(starts, [...lines, 1]);
  const placesShape = [shape[0]!, shape[1]!, ...lines.slice(2).map(() => 1), size];
  const place = e.op('Cast', [e.reshape(inside, placesShape)], { to: INT64 });
  const index = e.op('Add', [base, place]);
  const moved = e.op('Gather', [e.reshape(x, [before, after]), e.op('Reshape', [index, e.graph.int64([before])])], {
    axis: 0,
  });
  const result = e.reshape(moved, shape);
  return outside === 'edge' ? result : e.mul(result, e.cast(e.op('Equal', [from, inside])));
}

/** ONNX's number of the type. */
const INT64 = 7;
