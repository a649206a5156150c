/** A dense layer over the last axis. */
import type { NetworkBuilder, ParameterOptions, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { he, type InitRule, zeros } from './init.ts';

export interface DenseOptions {
  /** He and others' where not stated. */
  readonly init?: InitRule;
  /** How the bias starts, 0 where not stated; null for none. */
  readonly bias?: InitRule | null;
  /** Factors of learning rate and decay. */
  readonly factors?: ParameterOptions;
}

/** x [K, ..., inputs] to [K, ..., width] by `name`.w [K, 1, ..., inputs, width] and `name`.b, which does not decay. */
export function dense(net: NetworkBuilder, name: string, x: Value, width: number, options: DenseOptions = {}): Value {
  const { init = he, bias = () => zeros, factors = {} } = options;
  const inputs = sizeOf(x, -1);
  const between = x.shape.slice(1, -2).map(() => 1);
  const w = net.parameter(`${name}.w`, ['K', ...between, inputs, width], init(inputs, width), factors);
  if (bias === null) return net.apply('matmul', [x, w]);
  const b = net.parameter(`${name}.b`, ['K', ...between, 1, width], bias(inputs, width), { ...factors, decay: 0 });
  return net.apply('gemm', [x, w, b]);
}
