/** Activations by name, with the attributes that some need. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import type { Attributes } from '../ops/operator.ts';

const attributes = { elu: { alpha: 1 }, 'leaky-relu': { slope: 0.01 } } satisfies Record<string, Attributes>;

export type Activation =
  | 'relu'
  | 'silu'
  | 'gelu'
  | 'elu'
  | 'selu'
  | 'mish'
  | 'tanh'
  | 'sigmoid'
  | 'leaky-relu'
  | 'none';

export function activated(net: NetworkBuilder, x: Value, activation: Activation): Value {
  if (activation === 'none') return x;
  return net.apply(activation, [x], activation in attributes ? attributes[activation as keyof typeof attributes] : {});
}
