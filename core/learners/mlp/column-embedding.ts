/**
 * Numeric columns as vectors of their own: a linear embedding plus one by pieces that starts at 0 (the form of TabM,
 * Gorishniy, Kotelnikov and Babenko 2024). The pieces come prepared as columns of the input, as many as a column needs;
 * one product with a matrix that is 0 between columns is faster than a small product for each.
 */
import type { Init, NetworkBuilder, ParameterOptions, Value } from '../../ir/network.ts';
import { symmetric, zeros } from '../../layers/init.ts';

/** Numbers per column. */
export const COLUMN_WIDTH = 8;

/** Where a prepared row holds what is made of numeric columns. */
export interface NumberPlaces {
  /** Numbers of a row. */
  readonly dense: number;
  /** Of the first of them: which numeric column each is made of, counted from 0. */
  readonly columnOf: readonly number[];
  /** How many of those are pieces of a piecewise-linear encoding, which come last. */
  readonly pieces: number;
}

/** Prepared numbers x [K, N, dense] as embedded columns [K, N, columns · 8], and the rest, if any, as it is. */
export function columnEmbedding(
  net: NetworkBuilder,
  x: Value,
  { columnOf, pieces, dense }: NumberPlaces,
): { readonly embedded: Value; readonly rest: Value | null } {
  const numbers = columnOf.length - pieces;
  const columns = new Set(columnOf).size;
  const part = (start: number, end: number): Value => net.apply('slice', [x], { axis: 2, start, end });
  const own = (name: string, start: number, end: number, init: Init, factors: ParameterOptions): Value =>
    net.apply('matmul', [
      part(start, end),
      columnMatrix(net, name, columnOf.slice(start, end), columns, init, factors),
    ]);
  // A tenth of the rate is about what hidden weights learn at.
  const linear = own('columns.linear', 0, numbers, symmetric(1 / Math.sqrt(COLUMN_WIDTH)), { rate: 0.1, decay: 0 });
  const bent = own('columns.pieces', numbers, columnOf.length, zeros, { rate: 0.1 });
  const embedded = net.apply('add', [linear, bent]);
  return { embedded, rest: columnOf.length === dense ? null : part(columnOf.length, dense) };
}

/** The matrix [K, inputs, columns · 8] in which the vector of each input stands where its column lies; 0 elsewhere. */
function columnMatrix(
  net: NetworkBuilder,
  name: string,
  columnOf: readonly number[],
  columns: number,
  init: Init,
  factors: ParameterOptions,
): Value {
  const inputs = columnOf.length;
  const vectors = net.parameter(name, ['K', inputs, 1, COLUMN_WIDTH], init, factors);
  const values = columnOf.flatMap((column) => Array.from({ length: columns }, (_, c) => (c === column ? 1 : 0)));
  const mask = net.apply('constant', [], { shape: [1, inputs, columns, 1], values });
  const apart = net.apply('mul', [vectors, mask]);
  return net.apply('reshape', [apart], { shape: ['K', inputs, columns * COLUMN_WIDTH] });
}
