/** Graph convolutions on nodes x [K, V, F], or [K, N, V, F] of a batch of graphs; a graph in any of the forms of `graph.ts`. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import type { Size } from '../ir/shape.ts';
import { dense } from './dense.ts';
import { type Graph, messages } from './graph.ts';
import { glorot, he, zeros } from './init.ts';

const plain = { init: glorot, bias: null } as const;

/** The shape of a parameter of each member that broadcasts over nodes of the rank of x. */
const overNodes = (x: Value, width: Size): Size[] => ['K', ...x.shape.slice(1, -1).map(() => 1), width];

/** Adds `name`.b [K, 1, F]. */
export function shifted(net: NetworkBuilder, name: string, x: Value): Value {
  return net.apply('add', [x, net.parameter(`${name}.b`, overNodes(x, x.shape.at(-1)!), zeros, { decay: 0 })]);
}

/**
 * Graph convolution (Kipf and Welling 2017): messages of x·W plus a bias. The graph holds self-loops and the weights
 * 1 / sqrt(degree of source · degree of target).
 */
export function gcn(net: NetworkBuilder, name: string, x: Value, graph: Graph, width: number): Value {
  return shifted(net, name, messages(net, dense(net, name, x, width, plain), graph));
}

/** GraphSAGE with means (Hamilton, Ying and Leskovec 2017): x·W + mean of the neighbours·V + bias. */
export function sage(net: NetworkBuilder, name: string, x: Value, graph: Graph, width: number): Value {
  const own = dense(net, `${name}.own`, x, width, { init: glorot });
  const neighbours = dense(net, `${name}.from`, messages(net, x, graph, 'mean'), width, plain);
  return net.apply('add', [own, neighbours]);
}

/**
 * GraphSAGE that pools: the maximum of a ReLU layer of the neighbours (Hamilton, Ying and Leskovec 2017, equation 3).
 * Weights of the graph must be 1.
 */
export function sagePool(net: NetworkBuilder, name: string, x: Value, graph: Graph, width: number): Value {
  const own = dense(net, `${name}.own`, x, width, { init: glorot });
  const hidden = net.apply('relu', [dense(net, `${name}.pool`, x, width, { init: he })]);
  return net.apply('add', [own, dense(net, `${name}.from`, messages(net, hidden, graph, 'max'), width, plain)]);
}

/** Graph isomorphism layer (Xu and others 2019): two dense layers of (1 + learned) · x + sum of the neighbours. */
export function gin(net: NetworkBuilder, name: string, x: Value, graph: Graph, width: number): Value {
  const extra = net.parameter(`${name}.epsilon`, overNodes(x, 1), zeros, { decay: 0 });
  const own = net.apply('add', [x, net.apply('mul', [x, extra])]);
  const sum = net.apply('add', [own, messages(net, x, graph)]);
  const hidden = net.apply('relu', [dense(net, `${name}.1`, sum, width, { init: glorot })]);
  return dense(net, `${name}.2`, hidden, width, { init: glorot });
}
