/** Classifiers of nodes, and of whole graphs. Of nodes by two layers: graph convolution (Kipf and Welling 2017) and graph attention (Veličković and others 2018). */
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import type { Edges } from '../layers/graph.ts';
import { gat } from '../layers/graph-attention.ts';
import { gcn, gin } from '../layers/graph-convolution.ts';
import { type Readout, readout } from '../layers/readout.ts';
import { classify } from './outputs.ts';

export interface NodeSizes {
  readonly nodes: number;
  readonly edges: number;
  readonly features: number;
  /** Units of the hidden layer; of each head for attention. */
  readonly hidden: number;
  readonly classes: number;
  /** On the input of both layers. */
  readonly dropout?: number;
}

interface Parts {
  readonly net: NetworkBuilder;
  readonly x: Value;
  readonly edges: Edges;
  dropped(value: Value): Value;
}

/**
 * The inputs are the same at every step: `x` [1, V, F], `sources` and `targets` int64 [1, E], with self-loops, and `y`
 * [K, V, C] with `weight` [K, V, 1]: V / L for each of the L labelled nodes, 0 for the others.
 */
function nodeClassifier(sizes: NodeSizes, weighted: boolean, build: (parts: Parts) => Value): Network {
  const { nodes, edges, features, dropout = 0 } = sizes;
  const net = new NetworkBuilder();
  const x = net.input('x', [1, nodes, features]);
  const list = (name: string): Value => net.input(name, [1, edges], 'int64');
  const graph: Edges = {
    sources: list('sources'),
    targets: list('targets'),
    ...(weighted ? { weights: net.input('weights', [1, edges, 1]) } : {}),
  };
  const dropped = (value: Value): Value => net.apply('dropout', [value], { rate: dropout });
  classify(net, build({ net, x, edges: graph, dropped }), { weighted: true });
  return net.build();
}

/** Two graph convolutions with ReLU between; `weights` [1, E, 1] of the edges as in `gcn`. */
export const gcnClassifier = (sizes: NodeSizes): Network =>
  nodeClassifier(sizes, true, ({ net, x, edges, dropped }) => {
    const hidden = net.apply('relu', [gcn(net, 'layer0', dropped(x), edges, sizes.hidden)]);
    return gcn(net, 'layer1', dropped(hidden), edges, sizes.classes);
  });

/** Two layers of graph attention with ELU between; the last has one head. */
export const gatClassifier = (sizes: NodeSizes & { readonly heads: number }): Network =>
  nodeClassifier(sizes, false, ({ net, x, edges, dropped }) => {
    const { heads, hidden: width, classes, dropout } = sizes;
    const first = gat(net, 'layer0', dropped(x), edges, { heads, width, dropout });
    const hidden = dropped(net.apply('elu', [first], { alpha: 1 }));
    return gat(net, 'layer1', hidden, edges, { heads: 1, width: classes, dropout });
  });

export interface GraphSizes {
  /** Nodes of a graph; smaller ones are filled up. */
  readonly nodes: number;
  readonly features: number;
  /** Units of the layers, one above the other. */
  readonly hidden: readonly number[];
  readonly classes: number;
  readonly readout: Readout;
  /** On what the head reads. */
  readonly dropout?: number;
}

/**
 * Classifier of whole graphs: isomorphism layers (Xu and others 2019) with ReLU between, a readout, a dense layer. Rows are
 * graphs: `x` [K, N, V, F], `adjacency` [K, N, V, V] with a row per target, `present` [K, N, V, 1], 1 for nodes that there are.
 */
export function graphClassifier({ nodes, features, hidden, classes, readout: kind, dropout = 0 }: GraphSizes): Network {
  const net = new NetworkBuilder();
  const adjacency = net.input('adjacency', ['K', 'N', nodes, nodes]);
  const present = net.input('present', ['K', 'N', nodes, 1]);
  let h = net.input('x', ['K', 'N', nodes, features]);
  hidden.forEach((width, i) => {
    h = net.apply('relu', [gin(net, `layer${i}`, h, { adjacency }, width)]);
  });
  const read = net.apply('dropout', [readout(net, 'readout', h, { present }, kind)], { rate: dropout });
  classify(net, dense(net, 'head', read, classes));
  return net.build();
}
