/** Transformer blocks over tokens [K, N, T, W], and forms of attention whose cost grows with T only. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';
import { type Activation, activated } from './activation.ts';
import { type MultiHeadOptions, multiHeadAttention } from './attention.ts';
import { type DenseInput, dense, unscaled } from './dense.ts';
import { type GatedName, gated, isGated } from './gated.ts';
import { lecun } from './init.ts';
import { layerNormBefore } from './norm.ts';
import { gridAttention, type Windows } from './windows.ts';

const widthOf = (x: Value): number => {
  const width = x.shape.at(-1);
  if (x.shape.length !== 4 || typeof width !== 'number') throw new ShapeError(`${showShape(x.shape)} holds no tokens.`);
  return width;
};

/** A learned vector per position, added to the tokens. */
export function learnedPositions(net: NetworkBuilder, name: string, x: Value): Value {
  const width = widthOf(x);
  const table = net.parameter(name, ['K', 1, x.shape[2]!, width], { kind: 'normal', deviation: 0.02 }, { decay: 0 });
  return net.apply('add', [x, table]);
}

export interface TransformerOptions extends MultiHeadOptions {
  /** Hidden features of the feed-forward part. */
  readonly hidden: number;
  /** What they go through: a gated unit, for which twice as many are computed (GEGLU where not stated), or an activation. */
  readonly gate?: GatedName | Activation;
  /** On the output of both parts. */
  readonly dropout?: number;
  /** On the hidden features. */
  readonly hiddenDropout?: number;
  readonly dropPath?: number;
  /** Whether what goes to attention is normalised, as it is where not stated. */
  readonly firstNorm?: boolean;
  /** Windows of the grid of tokens, inside of which they attend to each other; to all where not stated. */
  readonly windows?: Windows;
}

/** The feed-forward part alone: `name`.up, a gated unit or an activation, `name`.down. */
export function feedForward(net: NetworkBuilder, name: string, x: DenseInput, options: TransformerOptions): Value {
  const { hidden, gate = 'geglu', hiddenDropout = 0, init = lecun } = options;
  const wide = dense(net, `${name}.up`, x, isGated(gate) ? 2 * hidden : hidden, { init });
  const inner = isGated(gate) ? gated(net, gate, wide) : activated(net, wide, gate);
  const kept = net.apply('dropout', [inner], { rate: hiddenDropout });
  return dense(net, `${name}.down`, kept, widthOf(unscaled(x)), { init });
}

/** Attention and a feed-forward part, each normalised first and added to what came in (Xiong and others 2020). */
export function transformerBlock(net: NetworkBuilder, name: string, x: Value, options: TransformerOptions): Value {
  const { dropout = 0, dropPath = 0, firstNorm = true, windows } = options;
  const added = (to: Value, branch: Value): Value => {
    const kept = net.apply('drop-path', [net.apply('dropout', [branch], { rate: dropout })], { rate: dropPath });
    return net.apply('add', [to, kept]);
  };
  const first = firstNorm ? layerNormBefore(net, `${name}.1`, x) : x;
  const mixed = windows
    ? gridAttention(net, `${name}.a`, first, { ...options, windows })
    : multiHeadAttention(net, `${name}.a`, first, options);
  const attended = added(x, mixed);
  return added(attended, feedForward(net, name, layerNormBefore(net, `${name}.2`, attended), options));
}

/**
 * Linear attention (Katharopoulos and others 2020) of q, k [..., T, D] and v [..., T, E]: with the feature map
 * 1 + elu(x), keys and values are summed up once for all queries.
 */
export function linearAttention(net: NetworkBuilder, q: Value, k: Value, v: Value): Value {
  // elu(x) + 1 = relu(x) + exp(x - relu(x))
  const feature = (x: Value): Value => {
    const above = net.apply('relu', [x]);
    return net.apply('add', [above, net.apply('exp', [net.apply('sub', [x, above])])]);
  };
  const [queries, keys] = [feature(q), feature(k)];
  const perm = k.shape.map((_, i) => i);
  const last = perm.length - 1;
  [perm[last - 1], perm[last]] = [last, last - 1];
  const memory = net.apply('matmul', [net.apply('transpose', [keys], { perm }), v]);
  const totals = net.apply('reduce-sum', [keys], { axes: [-2] });
  const weight = net.apply('reduce-sum', [net.apply('mul', [queries, totals])], { axes: [-1] });
  return net.apply('div', [net.apply('matmul', [queries, memory]), weight]);
}
