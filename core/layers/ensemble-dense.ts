/** Members of an ensemble that share their weights: rows [K, M, N, F] of M members (Wen, Tran and Ba 2020; TabM 2024). */
import type { Init, NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { byInputs, type InitRule, ones, zeros } from './init.ts';

/** The features of every member times factors of its own, `name` [K, M, 1, F]; x [K, 1 or M, N, F]. */
export function memberFactors(net: NetworkBuilder, name: string, x: Value, members: number, init: Init): Value {
  return net.apply('mul', [x, net.parameter(name, ['K', members, 1, sizeOf(x, -1)], init)]);
}

/** A dense layer of one matrix, with factors of every member before (`first` at the start) and after it and biases of its own. */
export function ensembleDense(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  { members, first = ones }: { readonly members: number; readonly first?: Init },
): Value {
  const inputs = sizeOf(x, -1);
  const scaled = memberFactors(net, `${name}.in`, x, members, first);
  const w = net.parameter(`${name}.w`, ['K', 1, inputs, width], byInputs(inputs, width));
  const out = memberFactors(net, `${name}.out`, net.apply('matmul', [scaled, w]), members, ones);
  const b = net.parameter(`${name}.b`, ['K', members, 1, width], zeros, { decay: 0 });
  return net.apply('add', [out, b]);
}

/** A dense layer of every member for itself, [K, M, N, width]. */
export function separateDense(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  init: InitRule = byInputs,
): Value {
  const [inputs, members] = [sizeOf(x, -1), sizeOf(x, 1)];
  const w = net.parameter(`${name}.w`, ['K', members, inputs, width], init(inputs, width));
  const b = net.parameter(`${name}.b`, ['K', members, 1, width], init(inputs, width), { decay: 0 });
  return net.apply('add', [net.apply('matmul', [x, w]), b]);
}
