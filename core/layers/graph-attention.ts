/** Graph attention (Veličković and others 2018); a graph in any of the forms of `graph.ts`, with self-loops. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { dense } from './dense.ts';
import type { Adjacency, Edges, Graph, Neighbours } from './graph.ts';
import { shifted } from './graph-convolution.ts';
import { glorot } from './init.ts';
import { absence } from './masked.ts';

export interface GraphAttentionOptions {
  /** 1 where not stated. */
  readonly heads?: number;
  /** Of the leaky ReLU of scores; 0.2 where not stated. */
  readonly slope?: number;
  /** Share of the edges that a training step leaves out. */
  readonly dropout?: number;
}

/** Which head each of the features of all heads belongs to, [1, heads · width, heads] of 0 and 1. */
function membership(net: NetworkBuilder, heads: number, width: number): Value {
  const values = Array.from({ length: heads * width * heads }, (_, i) => {
    return Math.floor(i / heads / width) === i % heads ? 1 : 0;
  });
  return net.apply('constant', [], { shape: [1, heads * width, heads], values });
}

/**
 * Attention over features `sent` [K, V, heads · width] that are projected already: in every head a neighbour counts by the
 * softmax, over a target's sources, of leaky-relu(a · source + b · target). Weights of the graph are not read.
 */
export function graphAttention(
  net: NetworkBuilder,
  name: string,
  sent: Value,
  graph: Graph,
  { heads = 1, slope = 0.2, dropout = 0 }: GraphAttentionOptions = {},
): Value {
  const all = sizeOf(sent, -1);
  const heading = membership(net, heads, all / heads);
  const scoreOf = (part: string): Value => {
    const vector = net.parameter(`${name}.${part}`, ['K', 1, all], glorot(all / heads, 1));
    return net.apply('matmul', [net.apply('mul', [sent, vector]), heading]);
  };
  const scores = { source: scoreOf('source'), target: scoreOf('target') };
  const leaky = (x: Value): Value => net.apply('leaky-relu', [x], { slope });
  const kept = (x: Value): Value => net.apply('dropout', [x], { rate: dropout });
  const parts: Parts = { net, sent, heads, heading, scores, leaky, kept };
  if ('sources' in graph) return overEdges(parts, graph);
  return 'adjacency' in graph ? overPairs(parts, graph) : overNeighbours(parts, graph);
}

interface Parts {
  readonly net: NetworkBuilder;
  readonly sent: Value;
  readonly heads: number;
  readonly heading: Value;
  /** [K, V, heads]. */
  readonly scores: { readonly source: Value; readonly target: Value };
  leaky(x: Value): Value;
  kept(x: Value): Value;
}

function overEdges({ net, sent, heading, scores, leaky, kept }: Parts, { sources, targets }: Edges): Value {
  const at = (x: Value, nodes: Value): Value => net.apply('gather', [x, nodes]);
  const rows = sizeOf(sent, 1);
  const score = leaky(net.apply('add', [at(scores.source, sources), at(scores.target, targets)]));
  const shares = kept(net.apply('segment-softmax', [score, targets], { rows }));
  const each = net.apply('matmul', [shares, net.apply('transpose', [heading], { perm: [0, 2, 1] })]);
  return net.apply('scatter-add', [net.apply('mul', [at(sent, sources), each]), targets], { rows });
}

function overNeighbours({ net, sent, heads, scores, leaky, kept }: Parts, graph: Neighbours): Value {
  const [lead, nodes, all] = sent.shape;
  const { neighbours, present = graph.weights } = graph;
  const places = sizeOf(neighbours, -1);
  const target = net.apply('reshape', [scores.target], { shape: [lead!, nodes!, 1, heads] });
  const score = leaky(net.apply('add', [net.apply('gather', [scores.source, neighbours]), target]));
  const perHead = net.apply('transpose', [score], { perm: [0, 1, 3, 2] });
  const hidden = net.apply('reshape', [absence(net, present)], { shape: present.shape.toSpliced(2, 0, 1) });
  const shares = kept(net.apply('softmax', [net.apply('add', [perHead, hidden])]));
  const split = [lead!, nodes!, places, heads, (all as number) / heads];
  const read = net.apply('reshape', [net.apply('gather', [sent, neighbours])], { shape: split });
  const values = net.apply('transpose', [read], { perm: [0, 1, 3, 2, 4] });
  const rows = net.apply('reshape', [shares], { shape: [lead!, nodes!, heads, 1, places] });
  return net.apply('reshape', [net.apply('matmul', [rows, values])], { shape: sent.shape });
}

function overPairs({ net, sent, heads, scores, leaky, kept }: Parts, graph: Adjacency): Value {
  const [lead, nodes, all] = sent.shape;
  const present = graph.present ?? graph.adjacency;
  const turned = (x: Value, shape: readonly (number | string)[]): Value =>
    net.apply('reshape', [net.apply('transpose', [x], { perm: [0, 2, 1] })], { shape });
  const source = turned(scores.source, [lead!, heads, 1, nodes!]);
  const target = turned(scores.target, [lead!, heads, nodes!, 1]);
  const hidden = net.apply('reshape', [absence(net, present)], { shape: present.shape.toSpliced(1, 0, 1) });
  const score = net.apply('add', [leaky(net.apply('add', [target, source])), hidden]);
  const split = net.apply('reshape', [sent], { shape: [lead!, nodes!, heads, (all as number) / heads] });
  const values = net.apply('transpose', [split], { perm: [0, 2, 1, 3] });
  const mixed = net.apply('matmul', [kept(net.apply('softmax', [score])), values]);
  return net.apply('reshape', [net.apply('transpose', [mixed], { perm: [0, 2, 1, 3] })], { shape: sent.shape });
}

export interface GatOptions extends GraphAttentionOptions {
  readonly heads: number;
  /** Features of each head. */
  readonly width: number;
  /** Whether heads are joined (where not stated) or averaged, as in a last layer. */
  readonly join?: 'concat' | 'mean';
}

/** Graph attention of `heads` heads with the projection `name`.w and a bias: [K, V, heads · width], or their mean [K, V, width]. */
export function gat(net: NetworkBuilder, name: string, x: Value, graph: Graph, options: GatOptions): Value {
  const { heads, width, join = 'concat' } = options;
  const sent = dense(net, name, x, heads * width, { init: glorot, bias: null });
  const mixed = graphAttention(net, name, sent, graph, options);
  if (join === 'concat' || heads === 1) return shifted(net, name, mixed);
  const shape = [mixed.shape[0]!, mixed.shape[1]!, heads, width];
  const mean = net.apply('reduce-mean', [net.apply('reshape', [mixed], { shape })], { axes: [2] });
  return shifted(net, name, net.apply('reshape', [mean], { shape: [shape[0]!, shape[1]!, width] }));
}
