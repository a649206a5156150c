/** The forward pass of a network by TensorFlow.js: its training form, operator by operator. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Application, Network, Value } from '#core/ir/network.ts';
import { sizes } from '#core/ir/shape.ts';
import type { Noise, Tf } from './ops/call.ts';
import { buildOf } from './ops/table.ts';

/** The applications that the values `wanted` need, in order. */
export function applicationsFor(network: Network, wanted: readonly Value[]): Application[] {
  const needed = new Set(wanted.map((v) => v.id));
  const backwards = network.applications.toReversed().filter(({ inputs, output }) => {
    if (!needed.has(output)) return false;
    for (const id of inputs) needed.add(id);
    return true;
  });
  return backwards.toReversed();
}

/**
 * The values `wanted` of a bound network, in that order. `given` holds tensors of inputs and parameters by value id. Throws a
 * RangeError when one that is needed is not given, or an operator cannot be built.
 */
export function interpret(
  tf: Tf,
  network: Network,
  given: ReadonlyMap<number, Tensor>,
  wanted: readonly Value[],
  noise: Noise,
): Tensor[] {
  const values = new Map(given);
  const at = (id: number): Tensor => {
    const value = values.get(id);
    if (!value) throw new RangeError(`Value ${id} is needed but was not given.`);
    return value;
  };
  for (const { op, inputs, output, attributes } of applicationsFor(network, wanted)) {
    const shape = sizes(network.values[output]!.shape);
    values.set(output, buildOf(op)({ tf, inputs: inputs.map(at), shape, attributes, noise }));
  }
  return wanted.map((v) => at(v.id));
}
