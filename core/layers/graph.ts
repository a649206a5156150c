/**
 * Message passing over nodes x [K, V, F] in three forms of a graph that mean the same: a list of edges, a list of
 * neighbours per node padded to one length, a dense matrix. Lists cost by edge, the matrix by pair of nodes but in one
 * product: it wins below about 500 nodes. `graph-data.ts` makes them from edges.
 */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { absence } from './masked.ts';

export interface Edges {
  /** int64 [K or 1, E]. */
  readonly sources: Value;
  readonly targets: Value;
  /** Weight of every edge [K or 1, E, 1]; all 1 where not given. */
  readonly weights?: Value;
}

export interface Neighbours {
  /** The sources of every node, int64 [K or 1, V, D]; any node where there are fewer than D. */
  readonly neighbours: Value;
  /** [K or 1, V, D], 0 where there is no neighbour. */
  readonly weights: Value;
  /** 1 where there is a neighbour, else 0, for means, maxima and attention; the weights where not given. */
  readonly present?: Value;
}

export interface Adjacency {
  /**
   * [K or 1, V, V], a row per target and a column per source, 0 where there is no edge; [K or 1, N, V, V] for a batch of
   * graphs with nodes [K, N, V, F], filled up to V nodes (`masked.ts`).
   */
  readonly adjacency: Value;
  /** 1 where there is an edge, else 0, for means, maxima and attention; the adjacency where not given. */
  readonly present?: Value;
}

export type Graph = Edges | Neighbours | Adjacency;

/** How the messages that arrive at a node become one; a node without any gets 0. */
export type Reduction = 'sum' | 'mean' | 'max';

const onEdges = { mean: 'segment-mean', max: 'segment-max' } as const;

/** What arrives at every node, [K, V, F]: of the weighted features of its sources the sum, mean or maximum. */
export function messages(net: NetworkBuilder, x: Value, graph: Graph, reduction: Reduction = 'sum'): Value {
  if ('sources' in graph) {
    const weights = graph.weights ? [graph.weights] : [];
    if (reduction === 'sum') return net.apply('propagate', [x, graph.sources, graph.targets, ...weights]);
    const sent = net.apply('gather', [x, graph.sources]);
    const weighted = graph.weights ? net.apply('mul', [sent, graph.weights]) : sent;
    return net.apply(onEdges[reduction], [weighted, graph.targets], { rows: sizeOf(x, 1) });
  }
  const weights = 'adjacency' in graph ? graph.adjacency : graph.weights;
  if (reduction === 'max') return largest(net, candidates(net, x, graph), graph.present ?? weights);
  const sum = total(net, x, graph);
  return reduction === 'sum' ? sum : net.apply('div', [sum, arrivals(net, graph.present ?? weights)]);
}

const oneOf = (net: NetworkBuilder, { shape }: Value): Value =>
  net.apply('constant', [], { shape: shape.map(() => 1), values: [1] });

/** Number of places in a row that are present, at least 1: [K or 1, V, 1]. */
function arrivals(net: NetworkBuilder, present: Value): Value {
  const one = oneOf(net, present);
  return net.apply('maximum', [net.apply('reduce-sum', [present], { axes: [-1] }), one]);
}

function total(net: NetworkBuilder, x: Value, graph: Neighbours | Adjacency): Value {
  if ('adjacency' in graph) return net.apply('matmul', [graph.adjacency, x]);
  const sent = net.apply('gather', [x, graph.neighbours]);
  const rows = net.apply('reshape', [graph.weights], { shape: spread(graph.weights, 2) });
  const sum = net.apply('matmul', [rows, sent]);
  return net.apply('reshape', [sum], { shape: [sum.shape[0]!, sizeOf(x, 1), sizeOf(x, -1)] });
}

/** The shape of x with an axis of size 1 at `axis`, which may count from the end. */
const spread = (x: Value, axis: number) => x.shape.toSpliced(axis, 0, 1);

/** Weighted features of every place of a row, [K, V, D, F]. */
function candidates(net: NetworkBuilder, x: Value, graph: Neighbours | Adjacency): Value {
  const dense = 'adjacency' in graph;
  const weights = dense ? graph.adjacency : graph.weights;
  const sent = dense ? net.apply('reshape', [x], { shape: spread(x, -2) }) : net.apply('gather', [x, graph.neighbours]);
  return net.apply('mul', [sent, net.apply('reshape', [weights], { shape: [...weights.shape, 1] })]);
}

/** Largest over the places [K, V, D, F] that are present, [K, V, F]. */
function largest(net: NetworkBuilder, places: Value, present: Value): Value {
  const hidden = net.apply('reshape', [absence(net, present)], { shape: [...present.shape, 1] });
  const shown = net.apply('add', [places, hidden]);
  const best = net.apply('reduce-max', [shown], { axes: [places.shape.length - 2] });
  const any = net.apply('minimum', [net.apply('reduce-sum', [present], { axes: [-1] }), oneOf(net, present)]);
  return net.apply('mul', [net.apply('reshape', [best], { shape: places.shape.toSpliced(-2, 1) }), any]);
}
