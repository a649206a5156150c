/** A dense layer over the last axis. */
import type { NetworkBuilder, ParameterOptions, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { he, type InitRule, zeros } from './init.ts';
import type { Scaled } from './norm.ts';

export interface DenseOptions {
  /** He and others' where not stated. */
  readonly init?: InitRule;
  /** How the bias starts, 0 where not stated; null for none. */
  readonly bias?: InitRule | null;
  /** Factors of learning rate and decay. */
  readonly factors?: ParameterOptions;
  /** Multiplies the result; 1 where not stated. */
  readonly scale?: number;
}

/** What a dense layer or one made of them reads. */
export type DenseInput = Value | Scaled;

const isScaled = (x: DenseInput): x is Scaled => 'shift' in x;

/** The same scale and shift, if any, on another value. */
export const withValue = (x: DenseInput, value: Value): DenseInput => (isScaled(x) ? { ...x, value } : value);

/** The value itself, before scale and shift. */
export const unscaled = (x: DenseInput): Value => (isScaled(x) ? x.value : x);

/**
 * x [K, ..., inputs] to [K, ..., width] by `name`.w [K, 1, ..., inputs, width] and `name`.b, which does not decay. Scale and
 * shift of x go into the weights, which are fewer than the rows of x where those are tokens.
 */
export function dense(
  net: NetworkBuilder,
  name: string,
  x: DenseInput,
  width: number,
  options: DenseOptions = {},
): Value {
  const { init = he, bias = () => zeros, factors = {}, scale = 1 } = options;
  const value = unscaled(x);
  const inputs = sizeOf(value, -1);
  const between = value.shape.slice(1, -2).map(() => 1);
  const w = net.parameter(`${name}.w`, ['K', ...between, inputs, width], init(inputs, width), factors);
  const b =
    bias && net.parameter(`${name}.b`, ['K', ...between, 1, width], bias(inputs, width), { ...factors, decay: 0 });
  const scaled = (v: Value): Value => (scale === 1 ? v : net.apply('scale', [v], { factor: scale }));
  const weights = scaled(w);
  if (!isScaled(x)) {
    return b === null ? net.apply('matmul', [value, weights]) : net.apply('gemm', [value, weights, scaled(b)]);
  }
  const column = net.apply('reshape', [x.scale], { shape: ['K', ...between, inputs, 1] });
  const shifted = net.apply('matmul', [x.shift, weights]);
  const sum = b === null ? shifted : net.apply('add', [shifted, scaled(b)]);
  return net.apply('gemm', [value, net.apply('mul', [weights, column]), sum]);
}
