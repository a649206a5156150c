/** Graph convolutions of more than one hop on nodes x [K, V, F]; a graph in any of the forms of `graph.ts`. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { type Activation, activated } from './activation.ts';
import { sizeOf } from './axis.ts';
import { dense } from './dense.ts';
import { type Graph, messages } from './graph.ts';
import { shifted } from './graph-convolution.ts';
import { glorot } from './init.ts';

/**
 * Chebyshev convolution (Defferrard, Bresson and Vandergheynst 2016): the first `order` Chebyshev polynomials of the
 * scaled Laplacian of x, each times a matrix. The graph holds 2/λ · L - 1; with λ = 2 that is, without self-loops, the
 * weights -1 / sqrt(degree of source · degree of target).
 */
export function chebyshev(
  net: NetworkBuilder,
  name: string,
  x: Value,
  graph: Graph,
  width: number,
  order: number,
): Value {
  const inputs = sizeOf(x, -1);
  const terms = [x];
  if (order > 1) terms.push(messages(net, x, graph));
  while (terms.length < order) {
    const twice = net.apply('scale', [messages(net, terms.at(-1)!, graph)], { factor: 2 });
    terms.push(net.apply('sub', [twice, terms.at(-2)!]));
  }
  const joined = terms.length === 1 ? x : net.apply('concat', terms, { axis: -1 });
  const init = () => glorot(inputs, width);
  return shifted(net, name, dense(net, name, joined, width, { init, bias: null }));
}

export interface ArmaOptions {
  readonly width: number;
  /** Stacks side by side that are averaged. */
  readonly stacks: number;
  /** Steps of the recursion. */
  readonly layers: number;
  /** ReLU where not stated. */
  readonly activation?: Activation;
  /** On the features that every step takes in anew. */
  readonly dropout?: number;
}

/**
 * Auto-regressive moving average filter (Bianchi and others 2019): in every stack h ← activation(messages(h)·W + x·V),
 * from h = x, and the mean of the stacks. W is shared by the steps after the first. The graph holds the weights
 * 1 / sqrt(degree of source · degree of target) without self-loops.
 */
export function arma(net: NetworkBuilder, name: string, x: Value, graph: Graph, options: ArmaOptions): Value {
  const { width, stacks, layers, activation = 'relu', dropout = 0 } = options;
  const outputs = Array.from({ length: stacks }, (_, s) => {
    let h = x;
    let shared: Value | null = null;
    const skip = (t: number): Value => {
      const kept = net.apply('dropout', [x], { rate: dropout });
      return dense(net, `${name}.${s}.skip${t}`, kept, width, { init: glorot });
    };
    for (let t = 0; t < layers; t++) {
      if (t === 1) shared = net.parameter(`${name}.${s}.next`, ['K', width, width], glorot(width, width));
      const mapped: Value =
        shared === null
          ? dense(net, `${name}.${s}.first`, h, width, { init: glorot, bias: null })
          : net.apply('matmul', [h, shared]);
      h = activated(net, net.apply('add', [messages(net, mapped, graph), skip(t)]), activation);
    }
    return h;
  });
  const sum = outputs.reduce((a, b) => net.apply('add', [a, b]));
  return stacks === 1 ? sum : net.apply('scale', [sum], { factor: 1 / stacks });
}
