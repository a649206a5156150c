/** Hidden layers of each architecture, made of linear layers in NTK form. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import { sizeOf } from '../../layers/axis.ts';
import { ensembleOf, type MlpDesign } from './design.ts';

export interface LinearLayer {
  /** Its parameters are `<name>.w` and `<name>.b`, its output `<name>.pre`. */
  readonly name: string;
  /** Whether an activation follows, so that biases place kinks. */
  readonly kinked: boolean;
  /** Matrices in it, one for each member of an ensemble that shares the other layers. */
  readonly matrices: number;
}

/** The linear layers of a design in the order in which rows pass them. */
export function linearLayers(design: MlpDesign): LinearLayer[] {
  const one = (name: string, kinked: boolean): LinearLayer => ({ name, kinked, matrices: 1 });
  const numbers = Array.from({ length: design.layers }, (_, i) => i);
  const hidden =
    design.architecture === 'residual'
      ? [one('first', false), ...numbers.flatMap((i) => [one(`block${i}.in`, true), one(`block${i}.out`, false)])]
      : numbers.map((i) => one(`hidden${i}`, true));
  return [...hidden, { name: 'head', kinked: false, matrices: ensembleOf(design) }];
}

/** x [K, ..., inputs] to pre-activations [K, ..., units], which are also the output `<name>.pre`. */
export function linear(net: NetworkBuilder, name: string, x: Value, units: number): Value {
  const inputs = sizeOf(x, -1);
  const between = x.shape.slice(1, -2);
  // x·W/sqrt(inputs) with W ~ N(0, 1): the factor is kept inside the weights and their learning rate, which is the
  // same under Adam and saves a pass over the activations.
  const ntk = 1 / Math.sqrt(inputs);
  const weights = { kind: 'normal', deviation: ntk } as const;
  const w = net.parameter(`${name}.w`, ['K', ...between, inputs, units], weights, { rate: ntk });
  const zero = { kind: 'constant', value: 0 } as const;
  const b = net.parameter(`${name}.b`, ['K', ...between, 1, units], zero, { rate: 0.1, decay: 0 });
  const pre = net.apply('gemm', [x, w, b]);
  net.output(`${name}.pre`, pre);
  return pre;
}

/** What the head reads, [K, N, width]. */
export function hiddenLayers(net: NetworkBuilder, design: MlpDesign, inputs: Value): Value {
  const { activation, dropout, layers, width } = design;
  const activated = (x: Value): Value => net.apply('dropout', [net.apply(activation, [x])], { rate: dropout });
  let h = inputs;
  if (design.architecture !== 'residual') {
    for (let i = 0; i < layers; i++) h = activated(linear(net, `hidden${i}`, h, width));
    return h;
  }
  // Normalised over the units of a row, not over the batch: a look at the validation rows then needs no statistics.
  // Scale and shift after it would say no more than the linear layer that reads them.
  const normal = (x: Value): Value => net.apply('layer-norm', [x], { epsilon: 1e-5 });
  h = linear(net, 'first', h, width);
  for (let i = 0; i < layers; i++) {
    const inner = activated(linear(net, `block${i}.in`, normal(h), width));
    h = net.apply('add', [h, linear(net, `block${i}.out`, inner, width)]);
  }
  return activated(normal(h));
}
