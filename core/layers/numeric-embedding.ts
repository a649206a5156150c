/**
 * Embeddings of numeric columns x [K or 1, N, C] as tokens [K, N, C, D] (Gorishniy, Rubachev and Babenko 2022). Rows lie on
 * the last axis on the way, where broadcasting and products are fast.
 */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { byInputs, symmetric } from './init.ts';

/** [K or 1, C, 1, N]. */
function rowsLast(net: NetworkBuilder, x: Value): Value {
  const turned = net.apply('transpose', [x], { perm: [0, 2, 1] });
  return net.apply('reshape', [turned], { shape: [turned.shape[0]!, turned.shape[1]!, 1, turned.shape[2]!] });
}

/** [K, C, D, N] as tokens [K, N, C, D]. */
function asTokens(net: NetworkBuilder, x: Value): Value {
  const [lead, , , rows] = x.shape;
  const [columns, width] = [sizeOf(x, 1), sizeOf(x, 2)];
  const flat = net.apply('reshape', [x], { shape: [lead!, columns * width, rows!] });
  const turned = net.apply('transpose', [flat], { perm: [0, 2, 1] });
  return net.apply('reshape', [turned], { shape: [lead!, rows!, columns, width] });
}

/** Tokens [K, N, C, D] side by side, [K, N, C · D]. */
export function joinTokens(net: NetworkBuilder, x: Value): Value {
  return net.apply('reshape', [x], { shape: [x.shape[0]!, x.shape[1]!, sizeOf(x, 2) * sizeOf(x, 3)] });
}

/** Every number times a learned vector of its column, plus another; both uniform within 1 / sqrt(width), without decay. */
export function linearEmbedding(net: NetworkBuilder, name: string, x: Value, width: number): Value {
  return asTokens(net, linear(net, name, rowsLast(net, x), width));
}

function linear(net: NetworkBuilder, name: string, rows: Value, width: number): Value {
  const shape = ['K', sizeOf(rows, 1), width, 1];
  const start = byInputs(width, width);
  const scaled = net.apply('mul', [rows, net.parameter(`${name}.w`, shape, start, { decay: 0 })]);
  return net.apply('add', [scaled, net.parameter(`${name}.b`, shape, start, { decay: 0 })]);
}

/** Per column: `weights` [K, C, D, F] · x [K, C, F, N]. */
function perColumn(net: NetworkBuilder, name: string, x: Value, width: number): Value {
  const [columns, inputs] = [sizeOf(x, 1), sizeOf(x, 2)];
  const start = byInputs(inputs, width);
  const w = net.parameter(`${name}.w`, ['K', columns, width, inputs], start);
  const b = net.parameter(`${name}.b`, ['K', columns, width, 1], start, { decay: 0 });
  return net.apply('add', [net.apply('matmul', [w, x]), b]);
}

export interface PeriodicOptions {
  readonly width: number;
  /** Frequencies of each column. */
  readonly frequencies: number;
  /** Standard deviation of the frequencies at the start, in waves per unit of x: the most sensitive number of all. */
  readonly scale: number;
}

/** Sines and cosines at learned frequencies, through a dense ReLU layer per column ("PLR"). */
export function periodicEmbedding(
  net: NetworkBuilder,
  name: string,
  x: Value,
  { width, frequencies, scale }: PeriodicOptions,
): Value {
  const turn = 2 * Math.PI;
  const start = { kind: 'normal', deviation: turn * scale } as const;
  // The factor of a full turn is kept inside the frequencies and their learning rate.
  const c = net.parameter(`${name}.c`, ['K', sizeOf(x, -1), frequencies, 1], start, { rate: turn });
  const angles = net.apply('mul', [rowsLast(net, x), c]);
  const waves = net.apply('concat', [net.apply('cos', [angles]), net.apply('sin', [angles])], { axis: 2 });
  return asTokens(net, net.apply('relu', [perColumn(net, name, waves, width)]));
}

export interface PbldOptions {
  readonly frequencies: number;
  readonly mixes: number;
  readonly scale: number;
}

/**
 * Cosines at learned frequencies and phases, mixed linearly ("PBLD" of RealMLP; Holzmüller, Grinsztajn and Steinwart 2024):
 * `mixes` numbers per column, without the number itself. Learns a tenth as fast as the rest.
 */
export function pbldEmbedding(
  net: NetworkBuilder,
  name: string,
  x: Value,
  { frequencies, mixes, scale }: PbldOptions,
): Value {
  const columns = sizeOf(x, -1);
  const slow = { rate: 0.1, decay: 0.01 };
  const start = { kind: 'normal', deviation: 2 * Math.PI * scale } as const;
  const mixing = byInputs(frequencies, mixes);
  const frequency = net.parameter(`${name}.frequency`, ['K', columns, frequencies, 1], start, slow);
  const phase = net.parameter(`${name}.phase`, ['K', columns, frequencies, 1], symmetric(Math.PI), slow);
  const mix = net.parameter(`${name}.mix`, ['K', columns, mixes, frequencies], mixing, slow);
  const shift = net.parameter(`${name}.shift`, ['K', columns, mixes, 1], mixing, slow);
  const angles = net.apply('add', [net.apply('mul', [rowsLast(net, x), frequency]), phase]);
  return asTokens(net, net.apply('add', [net.apply('matmul', [mix, net.apply('cos', [angles])]), shift]));
}

/** Large enough to bound nothing. */
const OPEN = 1e30;

/** How far each number has come through each piece, [K or 1, C, B, N]: 0 before, 1 after; open at both ends of the column. */
function piecewiseEncoding(net: NetworkBuilder, rows: Value, edges: readonly (readonly number[])[]): Value {
  const most = Math.max(...edges.map((e) => e.length - 1));
  const table = (of: (column: readonly number[], piece: number) => number): Value => {
    const values = edges.flatMap((column) =>
      Array.from({ length: most }, (_, piece) => (piece < column.length - 1 ? of(column, piece) : 0)),
    );
    return net.apply('constant', [], { shape: [1, edges.length, most, 1], values });
  };
  const slope = table((column, i) => 1 / (column[i + 1]! - column[i]!));
  const offset = table((column, i) => -column[i]! / (column[i + 1]! - column[i]!));
  const low = table((_, i) => (i === 0 ? -OPEN : 0));
  const high = table((column, i) => (i === column.length - 2 ? OPEN : 1));
  const way = net.apply('add', [net.apply('mul', [rows, slope]), offset]);
  return net.apply('maximum', [net.apply('minimum', [way, high]), low]);
}

/**
 * Piecewise-linear embedding in the form of TabM (Gorishniy, Kotelnikov and Babenko 2024): a linear embedding plus a
 * matrix per column, 0 at the start, times the encoding by pieces.
 * @param edges of the pieces of every column, at least 2, rising strictly
 */
export function piecewiseEmbedding(
  net: NetworkBuilder,
  name: string,
  x: Value,
  edges: readonly (readonly number[])[],
  width: number,
): Value {
  const rows = rowsLast(net, x);
  const encoded = piecewiseEncoding(net, rows, edges);
  const start = { kind: 'constant', value: 0 } as const;
  const v = net.parameter(`${name}.v`, ['K', edges.length, width, sizeOf(encoded, 2)], start);
  return asTokens(net, net.apply('add', [linear(net, name, rows, width), net.apply('matmul', [v, encoded])]));
}
