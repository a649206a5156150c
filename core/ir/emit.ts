/** Network to ONNX nodes: the forward pass, and reverse-mode differentiation (Griewank and Walther 2008) of it. */
import type { Emitter } from '../ops/emitter.ts';
import type { Emission, Emitted } from '../ops/operator.ts';
import { operatorNamed } from '../ops/registry.ts';
import type { Network, Value } from './network.ts';
import { countOf, sizes } from './shape.ts';

/** Names in the graph: of inputs and parameters before, of every computed value after emission. */
export type ValueNames = Map<number, string>;

export interface ForwardPass {
  readonly names: ValueNames;
  readonly emissions: ReadonlyMap<number, Emission>;
}

/**
 * Emits what the values `wanted` need. `given` holds the names of inputs and parameters by value id.
 * Throws a RangeError when an input that is needed is not given.
 */
export function emitForward(
  emitter: Emitter,
  network: Network,
  given: ReadonlyMap<number, string>,
  wanted: readonly Value[],
): ForwardPass {
  const needed = new Set(wanted.map((v) => v.id));
  for (const { inputs, output } of network.applications.toReversed()) {
    if (needed.has(output)) for (const id of inputs) needed.add(id);
  }
  const names: ValueNames = new Map(given);
  const emissions = new Map<number, Emission>();
  for (const { op, inputs, output, attributes } of network.applications) {
    if (!needed.has(output)) continue;
    const read = inputs.map((id) => emitted(network, names, id));
    const emission = operatorNamed(op).emit(emitter, read, network.values[output]!.shape, attributes);
    emissions.set(output, emission);
    names.set(output, emission.output);
  }
  return { names, emissions };
}

function emitted(network: Network, names: ValueNames, id: number): Emitted {
  const name = names.get(id);
  if (name === undefined) throw new RangeError(`Value ${id} is needed but was not given.`);
  return { name, shape: network.values[id]!.shape };
}

/**
 * Emits the gradients of the sum of `loss`'s elements with respect to the values `targets`, after a forward pass in the
 * same graph at bound sizes. A target that the loss does not depend on gets zeros.
 */
export function emitBackward(
  emitter: Emitter,
  network: Network,
  pass: ForwardPass,
  loss: Value,
  targets: readonly Value[],
): string[] {
  const active = new Set(targets.map((v) => v.id));
  for (const { inputs, output } of network.applications) {
    if (pass.emissions.has(output) && inputs.some((id) => active.has(id))) active.add(output);
  }
  const gradients = new Map<number, string>();
  const zeros = (v: Value): string => emitter.constant(new Float32Array(countOf(v.shape)), sizes(v.shape));
  gradients.set(loss.id, emitter.constant(new Float32Array(countOf(loss.shape)).fill(1), sizes(loss.shape)));
  for (const { op, inputs, output, attributes } of network.applications.toReversed()) {
    const gradient = gradients.get(output);
    const emission = pass.emissions.get(output);
    if (gradient === undefined || !emission || !active.has(output)) continue;
    const results = operatorNamed(op).gradient(emitter, {
      inputs: inputs.map((id) => emitted(network, pass.names, id)),
      output: emitted(network, pass.names, output),
      saved: emission.saved ?? [],
      gradient,
      needed: inputs.map((id) => active.has(id)),
      attributes,
    });
    results.forEach((result, i) => {
      const id = inputs[i]!;
      if (result === null || !active.has(id)) return;
      const before = gradients.get(id);
      gradients.set(id, before === undefined ? result : emitter.add(before, result));
    });
  }
  return targets.map((target) => gradients.get(target.id) ?? zeros(target));
}
