/** Tokens [K, N, T, W] from images and series, and what reads them. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { crossAttention, type MultiHeadOptions } from './attention.ts';
import { sizeOf } from './axis.ts';
import { lecun, small, zeros } from './init.ts';

export interface PatchOptions {
  readonly patch: number;
  /** From patch to patch; the patch itself where not stated, so that they tile. */
  readonly stride?: number;
}

/**
 * A token of `width` features for every patch of x [K, N, C, ...size] (Dosovitskiy and others 2021; Nie and others 2023
 * for series): [K, N, T, width]. What the last patch does not reach is left out.
 */
export function patchTokens(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  { patch, stride = patch }: PatchOptions,
): Value {
  const axes = x.shape.length - 3;
  const channels = sizeOf(x, 2);
  const each = (value: number): number[] => new Array<number>(axes).fill(value);
  const w = net.parameter(`${name}.w`, ['K', width, channels, ...each(patch)], lecun(channels * patch ** axes, width));
  const b = net.parameter(`${name}.b`, ['K', width], zeros, { decay: 0 });
  const cut = net.apply('conv', [x, w, b], { strides: each(stride) });
  const [lead, rows] = cut.shape;
  const count = cut.shape.slice(3).reduce<number>((product, d) => product * Number(d), 1);
  const flat = net.apply('reshape', [cut], { shape: [lead!, rows!, width, count] });
  return net.apply('transpose', [flat], { perm: [0, 1, 3, 2] });
}

/** A learned token [K, 1, 1, W] before the tokens of every row, whose state a classifier reads (Devlin and others 2019). */
export function classToken(net: NetworkBuilder, name: string, x: Value, init = small(1, 1)): Value {
  const [lead, rows, , width] = x.shape;
  const token = net.parameter(name, ['K', 1, 1, width!], init, { decay: 0 });
  const repeated = net.apply('expand', [token, x], { shape: [lead!, rows!, 1, width!] });
  return net.apply('concat', [repeated, x], { axis: 2 });
}

/** The first token of every row, [K, N, W]. */
export function firstToken(net: NetworkBuilder, x: Value): Value {
  const first = net.apply('slice', [x], { axis: 2, start: 0, end: 1 });
  return net.apply('reshape', [first], { shape: [x.shape[0]!, x.shape[1]!, sizeOf(x, -1)] });
}

/** The mean of the tokens, [K, N, W]. */
export function meanToken(net: NetworkBuilder, x: Value): Value {
  const mean = net.apply('reduce-mean', [x], { axes: [2] });
  return net.apply('reshape', [mean], { shape: [x.shape[0]!, x.shape[1]!, sizeOf(x, -1)] });
}

/**
 * Pooling by attention (Lee and others 2019): `seeds` learned queries attend to the tokens, [K, N, seeds, W].
 */
export function attentionPool(
  net: NetworkBuilder,
  name: string,
  x: Value,
  { seeds = 1, ...options }: MultiHeadOptions & { readonly seeds?: number },
): Value {
  const [lead, rows, , width] = x.shape;
  const queries = net.parameter(`${name}.seeds`, ['K', 1, seeds, width!], small(1, 1), { decay: 0 });
  const repeated = net.apply('expand', [queries, x], { shape: [lead!, rows!, seeds, width!] });
  return crossAttention(net, name, repeated, x, options);
}

export interface PooledAttentionOptions extends MultiHeadOptions {
  /** Sizes of the grid that the tokens are the places of, row-major. */
  readonly grid: readonly number[];
  /** Places along every axis of the grid that become one key and value. */
  readonly window: number;
}

/**
 * Self-attention whose keys and values are means over windows of neighbouring tokens (Fan and others 2021, with means;
 * Wang and others 2022): the cost falls by the tokens of a window. Returns [K, N, T, W].
 */
export function pooledAttention(net: NetworkBuilder, name: string, x: Value, options: PooledAttentionOptions): Value {
  const { grid, window, ...rest } = options;
  const [lead, rows] = x.shape;
  const width = sizeOf(x, -1);
  const channels = net.apply('transpose', [x], { perm: [0, 1, 3, 2] });
  const image = net.apply('reshape', [channels], { shape: [lead!, rows!, width, ...grid] });
  const means = net.apply('average-pool', [image], { kernel: grid.map(() => window) });
  const places = means.shape.slice(3).reduce<number>((product, d) => product * Number(d), 1);
  const flat = net.apply('reshape', [means], { shape: [lead!, rows!, width, places] });
  return crossAttention(net, name, x, net.apply('transpose', [flat], { perm: [0, 1, 3, 2] }), rest);
}
