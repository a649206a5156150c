/** Scaled dot-product attention (Vaswani and others 2017) as a composition of operators. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';
import { type DenseInput, dense, unscaled } from './dense.ts';
import { type InitRule, lecun } from './init.ts';

export interface AttentionOptions {
  /** Added to the scores: a large negative number hides a position. */
  readonly bias?: Value | undefined;
  readonly weightDropout?: number | undefined;
  /** Whether q is divided by sqrt(D) already. */
  readonly scaled?: boolean;
}

/**
 * softmax(q · kᵀ / sqrt(D)) · v with q [..., T, D], k [..., S, D] and v [..., S, E]; leading axes agree or broadcast.
 * The bias has shape [..., T, S] or smaller.
 */
export function attention(
  net: NetworkBuilder,
  q: Value,
  k: Value,
  v: Value,
  { bias, weightDropout = 0, scaled = false }: AttentionOptions = {},
): Value {
  const width = k.shape.at(-1);
  if (typeof width !== 'number') throw new ShapeError(`${showShape(k.shape)} has no width to scale by.`);
  const perm = k.shape.map((_, i) => i);
  const last = perm.length - 1;
  [perm[last - 1], perm[last]] = [last, last - 1];
  const queries = scaled ? q : net.apply('scale', [q], { factor: 1 / Math.sqrt(width) });
  const scores = net.apply('matmul', [queries, net.apply('transpose', [k], { perm })]);
  const weights = net.apply('softmax', [bias ? net.apply('add', [scores, bias]) : scores]);
  return net.apply('matmul', [net.apply('dropout', [weights], { rate: weightDropout }), v]);
}

export interface MultiHeadOptions {
  readonly heads: number;
  /** Base of rotary positions; without it attention knows no order. */
  readonly rotaryBase?: number;
  /** Added to the scores [K, N, heads, T, T]. */
  readonly bias?: Value;
  /** Whether the four projections add a number per feature. */
  readonly shifted?: boolean;
  /** How the projections start; LeCun and others' rule where not stated. */
  readonly init?: InitRule;
  /** Share of the attention weights that a training step leaves out. */
  readonly weightDropout?: number;
  /** What mixes the values of all heads by queries and keys; `attention` where not stated. */
  readonly mix?: typeof attention;
}

/** Tokens [K, N, T, W] as `heads` sequences of their own, [K, N, heads, T, W / heads]; one head stays as it is. */
export function splitHeads(net: NetworkBuilder, x: Value, heads: number): Value {
  if (heads === 1) return x;
  const [lead, rows, steps, width] = x.shape;
  const shape = [lead!, rows!, steps!, heads, (width as number) / heads];
  return net.apply('transpose', [net.apply('reshape', [x], { shape })], { perm: [0, 1, 3, 2, 4] });
}

/** Undoes `splitHeads`. */
export function joinHeads(net: NetworkBuilder, x: Value): Value {
  if (x.shape.length === 4) return x;
  const back = net.apply('transpose', [x], { perm: [0, 1, 3, 2, 4] });
  const [lead, rows, steps, heads, width] = back.shape;
  return net.apply('reshape', [back], { shape: [lead!, rows!, steps!, (heads as number) * (width as number)] });
}

/** Self-attention of x [K, N, T, W] in `heads` heads of width W / heads, with projections called `name`.q, .k, .v and .o. */
export function multiHeadAttention(net: NetworkBuilder, name: string, x: DenseInput, options: MultiHeadOptions): Value {
  return crossAttention(net, name, x, x, options);
}

/** Attention of tokens x [K, N, T, W] to the tokens `context` [K, N, S, V]; projections as in self-attention. */
export function crossAttention(
  net: NetworkBuilder,
  name: string,
  x: DenseInput,
  context: DenseInput,
  options: MultiHeadOptions,
): Value {
  const { heads, rotaryBase, bias, shifted = false, init = lecun, weightDropout, mix = attention } = options;
  const { shape } = unscaled(x);
  const width = shape.at(-1);
  if (shape.length !== 4 || typeof width !== 'number' || width % heads !== 0) {
    throw new ShapeError(`${showShape(shape)} does not split into ${heads} heads.`);
  }
  const shift = shifted ? undefined : { bias: null };
  const project = (from: DenseInput, part: string, scale = 1): Value =>
    dense(net, `${name}.${part}`, from, width, { init, scale, ...shift });
  const turned = (value: Value): Value =>
    rotaryBase === undefined ? value : net.apply('rotary', [value], { base: rotaryBase });
  // The weights are fewer to scale than the queries.
  const q = turned(splitHeads(net, project(x, 'q', 1 / Math.sqrt(width / heads)), heads));
  const k = turned(splitHeads(net, project(context, 'k'), heads));
  const v = splitHeads(net, project(context, 'v'), heads);
  return project(joinHeads(net, mix(net, q, k, v, { bias, weightDropout, scaled: true })), 'o');
}
