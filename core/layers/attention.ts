/** Scaled dot-product attention (Vaswani and others 2017) as a composition of operators. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { type Shape, ShapeError, showShape } from '../ir/shape.ts';

/**
 * softmax(q · kᵀ / sqrt(D)) · v with q [..., T, D], k [..., S, D] and v [..., S, E]; leading axes agree or broadcast.
 * `bias` is added to the scores, shape [..., T, S] or smaller: a large negative number hides a position.
 */
export function attention(net: NetworkBuilder, q: Value, k: Value, v: Value, bias?: Value): Value {
  const width = k.shape.at(-1);
  if (typeof width !== 'number') throw new ShapeError(`${showShape(k.shape)} has no width to scale by.`);
  const perm = k.shape.map((_, i) => i);
  const last = perm.length - 1;
  [perm[last - 1], perm[last]] = [last, last - 1];
  const scaled = net.apply('scale', [q], { factor: 1 / Math.sqrt(width) });
  const scores = net.apply('matmul', [scaled, net.apply('transpose', [k], { perm })]);
  const weights = net.apply('softmax', [bias ? net.apply('add', [scores, bias]) : scores]);
  return net.apply('matmul', [weights, v]);
}

export interface MultiHeadOptions {
  readonly heads: number;
  /** Base of rotary positions; without it attention knows no order. */
  readonly rotaryBase?: number;
  /** Added to the scores [K, N, heads, T, T]. */
  readonly bias?: Value;
}

/** Self-attention of x [K, N, T, W] in `heads` heads of width W / heads, with projections called `name`.q, .k, .v and .o. */
export function multiHeadAttention(net: NetworkBuilder, name: string, x: Value, options: MultiHeadOptions): Value {
  const { heads, rotaryBase, bias } = options;
  const [, rows, steps, width] = x.shape;
  if (x.shape.length !== 4 || typeof width !== 'number' || width % heads !== 0) {
    throw new ShapeError(`${showShape(x.shape)} does not split into ${heads} heads.`);
  }
  const deviation = 1 / Math.sqrt(width);
  const dense = (input: Value, part: string): Value => {
    const weights: Shape = ['K', 1, width, width];
    return net.apply('matmul', [input, net.parameter(`${name}.${part}`, weights, { kind: 'normal', deviation })]);
  };
  const split = (part: string): Value => {
    const projected = dense(x, part);
    const lead = projected.shape[0]!;
    const shape = [lead, rows!, steps!, heads, width / heads];
    return net.apply('transpose', [net.apply('reshape', [projected], { shape })], { perm: [0, 1, 3, 2, 4] });
  };
  const turned = (value: Value): Value =>
    rotaryBase === undefined ? value : net.apply('rotary', [value], { base: rotaryBase });
  const mixed = attention(net, turned(split('q')), turned(split('k')), split('v'), bias);
  const back = net.apply('transpose', [mixed], { perm: [0, 1, 3, 2, 4] });
  const joined = net.apply('reshape', [back], { shape: [mixed.shape[0]!, rows!, steps!, width] });
  return dense(joined, 'o');
}
