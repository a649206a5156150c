/** Message passing on edge lists: nodes x [K, V, F], edges as int64 lists [K or 1, E] of sources and targets. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';

export interface Edges {
  readonly sources: Value;
  readonly targets: Value;
  /** Weight of every edge [K or 1, E, 1]; all 1 where not given. */
  readonly weights?: Value;
}

const sizeOf = (x: Value, axis: number): number => {
  const size = x.shape.at(axis);
  if (typeof size !== 'number') throw new ShapeError(`Axis ${axis} of ${showShape(x.shape)} must be known.`);
  return size;
};

function dense(net: NetworkBuilder, name: string, x: Value, width: number): Value {
  const inputs = sizeOf(x, -1);
  const deviation = Math.sqrt(2 / (inputs + width));
  return net.apply('matmul', [x, net.parameter(name, ['K', inputs, width], { kind: 'normal', deviation })]);
}

function biased(net: NetworkBuilder, name: string, x: Value): Value {
  const shift = net.parameter(name, ['K', 1, sizeOf(x, -1)], { kind: 'constant', value: 0 }, { decay: 0 });
  return net.apply('add', [x, shift]);
}

/** What arrives at every node over its edges: the sum, mean or maximum of what the sources send. */
export function messages(
  net: NetworkBuilder,
  x: Value,
  { sources, targets, weights }: Edges,
  reduce: 'scatter-add' | 'segment-mean' | 'segment-max' = 'scatter-add',
): Value {
  const sent = net.apply('gather', [x, sources]);
  const weighted = weights ? net.apply('mul', [sent, weights]) : sent;
  return net.apply(reduce, [weighted, targets], { rows: sizeOf(x, 1) });
}

/**
 * Graph convolution (Kipf and Welling 2017): messages of x·W plus a bias. The edges hold self-loops and the weights
 * 1 / sqrt(degree of source · degree of target).
 */
export function gcn(net: NetworkBuilder, name: string, x: Value, edges: Edges, width: number): Value {
  return biased(net, `${name}.b`, messages(net, dense(net, `${name}.w`, x, width), edges));
}

/** GraphSAGE with means (Hamilton, Ying and Leskovec 2017): x·W + mean of the neighbours·V + bias. */
export function sage(net: NetworkBuilder, name: string, x: Value, edges: Edges, width: number): Value {
  const own = dense(net, `${name}.w`, x, width);
  const neighbours = dense(net, `${name}.v`, messages(net, x, edges, 'segment-mean'), width);
  return biased(net, `${name}.b`, net.apply('add', [own, neighbours]));
}

/** Graph isomorphism layer (Xu and others 2019): two dense layers of (1 + learned) · x + sum of the neighbours. */
export function gin(net: NetworkBuilder, name: string, x: Value, edges: Edges, width: number): Value {
  const extra = net.parameter(`${name}.epsilon`, ['K', 1, 1], { kind: 'constant', value: 0 }, { decay: 0 });
  const own = net.apply('add', [x, net.apply('mul', [x, extra])]);
  const sum = net.apply('add', [own, messages(net, x, edges)]);
  const hidden = net.apply('relu', [biased(net, `${name}.b1`, dense(net, `${name}.w1`, sum, width))]);
  return biased(net, `${name}.b2`, dense(net, `${name}.w2`, hidden, width));
}

export interface AttentionOptions {
  readonly slope?: number;
  /** Share of the edges that a training step leaves out. */
  readonly dropout?: number;
}

/**
 * One head of graph attention over features `sent` [K, V, F] that are projected already: a neighbour counts by the softmax,
 * over a target's edges, of leaky-relu(a · source + b · target). The edges hold self-loops.
 */
export function graphAttention(
  net: NetworkBuilder,
  name: string,
  sent: Value,
  edges: Edges,
  { slope = 0.2, dropout = 0 }: AttentionOptions = {},
): Value {
  const fromSource = net.apply('gather', [dense(net, `${name}.a`, sent, 1), edges.sources]);
  const fromTarget = net.apply('gather', [dense(net, `${name}.t`, sent, 1), edges.targets]);
  const score = net.apply('leaky-relu', [net.apply('add', [fromSource, fromTarget])], { slope });
  const shares = net.apply('segment-softmax', [score, edges.targets], { rows: sizeOf(sent, 1) });
  return messages(net, sent, { ...edges, weights: net.apply('dropout', [shares], { rate: dropout }) });
}

/** Graph attention (Veličković and others 2018) in `heads` heads of `width` features, joined. */
export function gat(
  net: NetworkBuilder,
  name: string,
  x: Value,
  edges: Edges,
  { heads, width, ...options }: { heads: number; width: number } & AttentionOptions,
): Value {
  const parts = Array.from({ length: heads }, (_, h) => {
    const sent = dense(net, `${name}.w${h}`, x, width);
    return graphAttention(net, `${name}.${h}`, sent, edges, options);
  });
  return biased(net, `${name}.b`, net.apply('concat', parts, { axis: -1 }));
}
