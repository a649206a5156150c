/** Rows added up, or their maximum taken, by index: what embeddings and message passing share. */
import { type Shape, ShapeError, type Size, showShape, sizes } from '../ir/shape.ts';
import { listsOf, maxLists, sumInRounds, sumLists } from './buckets.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';
import { product } from './window.ts';

/** Members' rows lie below each other: index + k · rows. `indices` has lead size 1 or `members`. */
export function rowsBelow(e: Emitter, indices: Emitted, members: number, rows: number): string {
  if (members === 1) return indices.name;
  const starts = Int32Array.from({ length: members }, (_, k) => k * rows);
  return e.add(indices.name, e.graph.int64(starts, [members, ...indices.shape.slice(1).map(() => 1)]));
}

/** The same where the indices are known when the graph is built, flattened over members; else null. */
export function knownRows(e: Emitter, indices: Emitted, members: number, rows: number): number[] | null {
  const data = e.known(indices.name);
  if (data === null) return null;
  const count = indices.shape[0] === 1 ? data.length : data.length / members;
  return Array.from({ length: members * count }, (_, i) => {
    const member = Math.floor(i / count);
    return Number(data[indices.shape[0] === 1 ? i % count : i]) + member * rows;
  });
}

/** Where each of the rows to reduce goes: a column [reads, 1], and the numbers in it where they are known. */
export interface RowIndex {
  readonly column: string;
  readonly known: readonly number[] | null;
}

/**
 * Reduces rows `updates` [reads, width] into [rows, width] by `index`, starting from `initial` everywhere. ScatterND
 * reduces rows without locks: exact and fast on one thread, wrong with repeated indices on more. There, a known index gives
 * rounds without repeats, or lists side by side; else ScatterElements, which walks column by column. On the CPU all add
 * up in one order, so that the bits are the same. Exported files run on any number of threads.
 */
export function reduceRows(
  e: Emitter,
  reduction: 'add' | 'max',
  { column, known }: RowIndex,
  updates: string,
  [rows, width]: readonly [number, number],
  initial = 0,
): string {
  if (known !== null && !e.forms.scatterRows) {
    const lists = listsOf(known, rows);
    const table = { name: e.reshape(updates, [1, known.length, width]), shape: [1, known.length, width] };
    if (reduction === 'max') return e.reshape(maxLists(e, table, lists, initial), [rows, width]);
    if (!e.forms.fixedOrder)
      return e.reshape(
        sumLists(e, table, lists, (entry) => entry),
        [rows, width],
      );
    const sum = sumInRounds(e, updates, lists, width);
    if (sum !== null) return sum;
  }
  const start = e.constant(new Float32Array(rows * width).fill(initial), [rows, width]);
  if (e.forms.scatterRows) return e.op('ScatterND', [start, column, updates], { reduction });
  const wide = e.op('Expand', [column, e.graph.int64([1, width])]);
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
  readonly rowIndex: RowIndex;
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
  const rowIndex = { column, known: knownRows(e, indices, members, rows) };
  return { members, rows: members * rows, width, reads, index: e.reshape(below, [reads]), rowIndex };
}

/** Values [K, E, D] as rows [K · E, D]. */
export const asRows = (e: Emitter, x: string, s: Segments): string => e.reshape(x, [s.reads, s.width]);

export const sumSegments = (e: Emitter, s: Segments, rows: string): string =>
  reduceRows(e, 'add', s.rowIndex, rows, [s.rows, s.width]);

/** The row of its segment for every value. */
export const readSegments = (e: Emitter, s: Segments, table: string): string =>
  e.op('Gather', [table, s.index], { axis: 0 });

/** Below every value that a network computes, in both element types. */
export const LOWEST = -1e38;

export const maxSegments = (e: Emitter, s: Segments, rows: string): string =>
  reduceRows(e, 'max', s.rowIndex, rows, [s.rows, s.width], LOWEST);
