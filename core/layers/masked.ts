/**
 * Sequences and graphs of different sizes in one batch: x [K, N, T, W] filled up to T places, and `present` [K or 1, N, T, 1],
 * 1 where there is a token or a node, else 0. What lies in other places bears on nothing. A row without any gets 0.
 */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { dense } from './dense.ts';
import { glorot } from './init.ts';

/** 0 where something is present, a number below all scores where not. */
export function absence(net: NetworkBuilder, present: Value): Value {
  const one = net.apply('constant', [], { shape: present.shape.map(() => 1), values: [1] });
  return net.apply('scale', [net.apply('sub', [present, one])], { factor: 1e9 });
}

/** What attention of `heads` heads adds to its scores so that nothing reads what is not present: [K or 1, N, (1,) 1, T]. */
export function absenceBias(net: NetworkBuilder, present: Value, heads: number): Value {
  const [lead, rows, places] = present.shape;
  const shape = [lead!, rows!, ...(heads === 1 ? [] : [1]), 1, places!];
  return net.apply('reshape', [absence(net, present)], { shape });
}

/** Sum of x over the places, each times its share `weights` [K or 1, N, T, 1]: [K, N, W]. */
function weighted(net: NetworkBuilder, x: Value, weights: Value): Value {
  const [lead, rows, places] = weights.shape;
  const line = net.apply('reshape', [weights], { shape: [lead!, rows!, 1, places!] });
  const sum = net.apply('matmul', [line, x]);
  return net.apply('reshape', [sum], { shape: [sum.shape[0]!, rows!, sizeOf(x, -1)] });
}

/** Number of places that are present, [K or 1, N, 1]. */
function countOf(net: NetworkBuilder, present: Value): Value {
  const count = net.apply('reduce-sum', [present], { axes: [2] });
  return net.apply('reshape', [count], { shape: [present.shape[0]!, present.shape[1]!, 1] });
}

const one = (net: NetworkBuilder): Value => net.apply('constant', [], { shape: [1, 1, 1], values: [1] });

/** `pooled` [K, N, W], 0 for rows without anything present. */
const whereAny = (net: NetworkBuilder, pooled: Value, present: Value): Value =>
  net.apply('mul', [pooled, net.apply('minimum', [countOf(net, present), one(net)])]);

/** Sum of what is present, [K, N, W]. */
export const maskedSum = (net: NetworkBuilder, x: Value, present: Value): Value => weighted(net, x, present);

/** Mean of what is present, [K, N, W]. */
export const maskedMean = (net: NetworkBuilder, x: Value, present: Value): Value =>
  net.apply('div', [maskedSum(net, x, present), net.apply('maximum', [countOf(net, present), one(net)])]);

/** Largest of what is present, [K, N, W]. */
export function maskedMax(net: NetworkBuilder, x: Value, present: Value): Value {
  const shown = net.apply('add', [x, absence(net, present)]);
  const largest = net.apply('reduce-max', [shown], { axes: [2] });
  const shape = [largest.shape[0]!, largest.shape[1]!, sizeOf(x, -1)];
  return whereAny(net, net.apply('reshape', [largest], { shape }), present);
}

/** Softmax over the places of a learned score of each, by the weights `name`.w: the sum so weighted, [K, N, W]. */
export function maskedAttention(net: NetworkBuilder, name: string, x: Value, present: Value): Value {
  const scores = net.apply('add', [dense(net, name, x, 1, { init: glorot, bias: null }), absence(net, present)]);
  const [lead, rows, places] = scores.shape;
  const line = net.apply('reshape', [scores], { shape: [lead!, rows!, 1, places!] });
  const shares = net.apply('reshape', [net.apply('softmax', [line])], { shape: scores.shape });
  return whereAny(net, weighted(net, x, shares), present);
}

/** The last of what is present, where places are filled from the first on, such as the state after a text: [K, N, W]. */
export function lastPresent(net: NetworkBuilder, x: Value, present: Value): Value {
  const places = sizeOf(present, 2);
  if (places === 1) return weighted(net, x, present);
  const cut = (start: number, end: number): Value => net.apply('slice', [present], { axis: 2, start, end });
  // Place T is followed by none.
  const none = net.apply('scale', [cut(0, 1)], { factor: 0 });
  const next = net.apply('concat', [cut(1, places), none], { axis: 2 });
  return weighted(net, x, net.apply('sub', [present, next]));
}
