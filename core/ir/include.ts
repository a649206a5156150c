/** A network as part of another. */
import type { Network, NetworkBuilder, Value } from './network.ts';
import { equalShapes, ShapeError, showShape } from './shape.ts';

export interface IncludeOptions {
  /** Precedes the names of its parameters. */
  readonly prefix?: string;
  /** Whether its parameters stay as they are. */
  readonly frozen?: boolean;
  /** Outputs that are not wanted, with what only they need. */
  readonly without?: readonly string[];
}

/**
 * Adds all of `network` to `net` and returns its outputs. Inputs of the same name are one input; `inputs` holds those that
 * `net` has already and gains the others. Throws a ShapeError when shapes of one name differ.
 */
export function include(
  net: NetworkBuilder,
  network: Network,
  inputs: Map<string, Value>,
  { prefix = '', frozen = false, without = [] }: IncludeOptions = {},
): Record<string, Value> {
  const outputs = Object.entries(network.outputs).filter(([name]) => !without.includes(name));
  const needed = new Set(outputs.map(([, v]) => v.id));
  for (const { inputs: read, output } of network.applications.toReversed()) {
    if (needed.has(output)) for (const id of read) needed.add(id);
  }
  const values = new Map<number, Value>();
  for (const [name, { id, shape, type }] of Object.entries(network.inputs)) {
    if (!needed.has(id)) continue;
    const known = inputs.get(name) ?? net.input(name, shape, type);
    if (!equalShapes(known.shape, shape)) {
      throw new ShapeError(`The input ${name} is both ${showShape(known.shape)} and ${showShape(shape)}.`);
    }
    inputs.set(name, known);
    values.set(id, known);
  }
  for (const { name, value, init, rate, decay } of network.parameters) {
    if (!needed.has(value.id)) continue;
    const factors = frozen ? { rate: 0, decay: 0 } : { rate, decay };
    values.set(value.id, net.parameter(`${prefix}${name}`, value.shape, init, factors));
  }
  for (const { op, inputs: read, output, attributes } of network.applications) {
    if (!needed.has(output)) continue;
    const operands = read.map((id) => values.get(id)!);
    values.set(output, net.apply(op, operands, attributes));
  }
  return Object.fromEntries(outputs.map(([name, v]) => [name, values.get(v.id)!]));
}
