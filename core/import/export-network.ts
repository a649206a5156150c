/** A network with its values as an inference graph of standard operators. */
import { emitForward } from '../ir/emit.ts';
import { bindNetwork, type Network, type Value } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from '../ops/emitter.ts';

/**
 * One member of `network` without the member axis: the outputs named and the inputs that they need, with the values of
 * `parameters` (without the member axis) inside. Throws a RangeError when a value is missing.
 */
export function exportNetwork(
  network: Network,
  parameters: ReadonlyMap<string, Float32Array>,
  outputs: readonly string[],
): GraphBuilder {
  const bound = bindNetwork(network, { K: 1 });
  const wanted = outputs.map((name) => bound.outputs[name]!);
  const needed = neededFor(bound, wanted);
  const graph = new GraphBuilder('network');
  const given = new Map<number, string>();
  for (const [name, { id, shape, type }] of Object.entries(bound.inputs)) {
    if (!needed.has(id)) continue;
    const input = graph.input(name, type === 'int64' ? 'int64' : 'float32', shape.slice(1));
    given.set(id, graph.node('Unsqueeze', [input, graph.int64([0])]));
  }
  for (const { name, value } of bound.parameters) {
    if (!needed.has(value.id)) continue;
    const values = parameters.get(name);
    if (!values) throw new RangeError(`There are no values for parameter ${name}.`);
    given.set(value.id, graph.float32(values, sizes(value.shape)));
  }
  const pass = emitForward(new Emitter(graph, { mode: 'inference' }), bound, given, wanted);
  outputs.forEach((name, i) => {
    const plain = graph.node('Squeeze', [pass.names.get(wanted[i]!.id)!, graph.int64([0])]);
    graph.output(name, 'float32', wanted[i]!.shape.slice(1), plain);
  });
  return graph;
}

/** Ids of everything that the values `wanted` are computed from. */
function neededFor(network: Network, wanted: readonly Value[]): Set<number> {
  const needed = new Set(wanted.map((v) => v.id));
  for (const { inputs, output } of network.applications.toReversed()) {
    if (needed.has(output)) for (const id of inputs) needed.add(id);
  }
  return needed;
}
