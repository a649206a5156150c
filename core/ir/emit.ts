/** Network to ONNX nodes: the forward pass, and reverse-mode differentiation (Griewank and Walther 2008) of it. */
import type { Emitter } from '../ops/emitter.ts';
import type { Emission, Emitted } from '../ops/operator.ts';
import { operatorNamed } from '../ops/registry.ts';
import { add, chooseLayouts, type Held, inLayout, ofLayout } from './layout.ts';
import type { Network, Value } from './network.ts';
import { countOf, sizes } from './shape.ts';

/** Names in the graph: of inputs and parameters before, of every computed value after emission. */
export type ValueNames = Map<number, string>;

/** One operator as it was emitted: its operands and result where they lie, and what its gradient reuses. */
interface Applied {
  readonly emission: Emission;
  readonly inputs: readonly Emitted[];
  readonly output: Emitted;
}

export interface ForwardPass {
  /** Of inputs, parameters and the values wanted. */
  readonly names: ValueNames;
  readonly applied: ReadonlyMap<number, Applied>;
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
  const readers = new Map<number, number>();
  for (const { inputs, output } of network.applications.toReversed()) {
    if (!needed.has(output)) continue;
    for (const id of inputs) {
      needed.add(id);
      readers.set(id, (readers.get(id) ?? 0) + 1);
    }
  }
  const held = new Map<number, Held>([...given].map(([id, name]) => [id, { name, layout: 'plain' }]));
  const of = (id: number): Held => {
    const value = held.get(id);
    if (value === undefined) throw new RangeError(`Value ${id} is needed but was not given.`);
    return value;
  };
  const applied = new Map<number, Applied>();
  for (const { op, inputs, output, attributes } of network.applications) {
    if (!needed.has(output)) continue;
    const operator = operatorNamed(op);
    const { shape } = network.values[output]!;
    const operands = inputs.map((id) => ({ ...of(id), shape: network.values[id]!.shape }));
    const layouts = chooseLayouts(emitter, operator, operands, shape, attributes);
    const read = operands.map((operand, i) => ({
      ...inLayout(emitter, operand, layouts.inputs[i]!, shape),
      readers: readers.get(inputs[i]!)!,
    }));
    const emission = operator.emit(emitter, read, shape, attributes);
    const result = { name: emission.output, layout: layouts.output };
    applied.set(output, { emission, inputs: read, output: { ...result, shape } });
    held.set(output, result);
  }
  const names: ValueNames = new Map(given);
  for (const { id, shape } of wanted) names.set(id, inLayout(emitter, { ...of(id), shape }, 'plain', shape).name);
  return { names, applied };
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
    if (pass.applied.has(output) && inputs.some((id) => active.has(id))) active.add(output);
  }
  const gradients = new Map<number, Held>();
  const constant = (v: Value, value: number): string =>
    emitter.constant(new Float32Array(countOf(v.shape)).fill(value), sizes(v.shape));
  gradients.set(loss.id, { name: constant(loss, 1), layout: 'plain' });
  /** Rows outside of which gradients are known to be 0. */
  const live = new Map<number, readonly number[]>();
  for (const { op, inputs, output, attributes } of network.applications.toReversed()) {
    const gradient = gradients.get(output);
    const application = pass.applied.get(output);
    if (gradient === undefined || !application || !active.has(output)) continue;
    const { shape, layout = 'plain' } = application.output;
    const operator = operatorNamed(op);
    const call = {
      inputs: application.inputs,
      output: application.output,
      saved: application.emission.saved ?? [],
      gradient: inLayout(emitter, { ...gradient, shape }, layout, shape).name,
      needed: inputs.map((id) => active.has(id)),
      live: live.get(output) ?? null,
      attributes,
    };
    const results = operator.gradient(emitter, call);
    const rows = operator.live?.(emitter, call) ?? [];
    results.forEach((result, i) => {
      const id = inputs[i]!;
      if (result === null || !active.has(id)) return;
      const own = network.values[id]!.shape;
      const share = ofLayout(emitter, result, application.inputs[i]!, own);
      const before = gradients.get(id);
      gradients.set(id, before === undefined ? share : add(emitter, before, share, own));
      const [known, found] = [live.get(id), rows[i] ?? null];
      if (found === null || (before !== undefined && known === undefined)) live.delete(id);
      else live.set(id, known ? [...new Set([...known, ...found])].sort((a, b) => a - b) : found);
    });
  }
  return targets.map((target) => {
    const gradient = gradients.get(target.id);
    const { shape } = target;
    return gradient ? inLayout(emitter, { ...gradient, shape }, 'plain', shape).name : constant(target, 0);
  });
}
