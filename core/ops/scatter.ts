/** Rows added up, or their maximum taken, by index: what embeddings and message passing share. */
import { type Shape, ShapeError, type Size, showShape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';
import { product } from './window.ts';

/** Members' rows lie below each other: index + k · rows. `indices` has lead size 1 or `members`. */
export function rowsBelow(e: Emitter, indices: Emitted, members: number, rows: number): string {
  if (members === 1) return indices.name;
  const starts = Int32Array.from({ length: members }, (_, k) => k * rows);
  return e.add(indices.name, e.graph.int64(starts, [members, ...indices.shape.slice(1).map(() => 1)]));
}

/**
 * Reduces rows `updates` [reads, width] into [rows, width] by `index` [reads, 1], starting from `initial` everywhere.
 * ScatterND reduces rows without locks: exact and fast on one thread, wrong with repeated indices on more. Exported
 * files run on any number of threads.
 */
export function reduceRows(
  e: Emitter,
  reduction: 'add' | 'max',
  index: string,
  updates: string,
  [rows, width]: readonly [number, number],
  initial = 0,
): string {
  const start = e.constant(new Float32Array(rows * width).fill(initial), [rows, width]);
  if (e.forms.scatterRows) return e.op('ScatterND', [start, index, updates], { reduction });
  const wide = e.op('Expand', [index, e.graph.int64([1, width])]);
  return e.op('ScatterElements', [start, wide, updates], { axis: 0, reduction });
}

/** Values [K, E, D] with a segment number each: what the segment operators work on. */
export interface Segments {
  readonly members: number;
  /** Segments of all members. */
  readonly rows: number;
  readonly width: number;
  /** K · E, or a name while E is open. */
  readonly reads: Size;
  /** Segment of every value, [reads]. */
  readonly index: string;
  /** The same as a column [reads, 1]. */
  readonly column: string;
}

/** Throws a ShapeError unless values [K, E, D] go with segment numbers [K or 1, E] (int64 in 0..rows-1). */
export function checkSegments(values: Shape, indices: Shape, rows: number): void {
  const [members, count, width] = values;
  const fits = (indices[0] === 1 || indices[0] === members) && indices[1] === count && indices.length === 2;
  if (values.length !== 3 || typeof width !== 'number' || !fits || !Number.isInteger(rows) || rows < 1) {
    throw new ShapeError(`${showShape(values)} cannot go to ${rows} segments by indices of ${showShape(indices)}.`);
  }
}

export function segmentsOf(e: Emitter, values: Emitted, indices: Emitted, rows: number): Segments {
  const [members, width] = sizes([values.shape[0]!, values.shape[2]!]) as [number, number];
  const reads = product(values.shape.slice(0, 2));
  const below = rowsBelow(e, indices, members, rows);
  const column = e.reshape(below, [reads, 1]);
  return { members, rows: members * rows, width, reads, index: e.reshape(below, [reads]), column };
}

/** Values [K, E, D] as rows [K · E, D]. */
export const asRows = (e: Emitter, x: string, s: Segments): string => e.reshape(x, [s.reads, s.width]);

export const sumSegments = (e: Emitter, s: Segments, rows: string): string =>
  reduceRows(e, 'add', s.column, rows, [s.rows, s.width]);

/** The row of its segment for every value. */
export const readSegments = (e: Emitter, s: Segments, table: string): string =>
  e.op('Gather', [table, s.index], { axis: 0 });

/** Below every value that a network computes, in both element types. */
export const LOWEST = -1e38;

export const maxSegments = (e: Emitter, s: Segments, rows: string): string =>
  reduceRows(e, 'max', s.column, rows, [s.rows, s.width], LOWEST);
