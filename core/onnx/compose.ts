/** One model behind another. */
import type { Graph, Model, Node } from './model.ts';
import { mapNames } from './rename.ts';
import { inferShapes } from './shapes/infer.ts';
import { couldEqual, showInferred } from './shapes/inferred.ts';
import { OnnxError } from './wire.ts';

/**
 * `second` fed by `first`: `wires` says which output of `first` each input of `second` is, by name. Inputs of `second`
 * that are not wired become inputs of the whole, outputs of `first` in `keep` outputs of it. Values get the prefixes
 * `a/` and `b/`. Throws an OnnxError where names, types or shapes do not fit.
 */
export function composeModels(
  first: Model,
  second: Model,
  wires: Readonly<Record<string, string>>,
  keep: readonly string[] = [],
): Model {
  const opsets = { ...second.opsets, ...first.opsets };
  for (const [domain, version] of Object.entries(second.opsets)) {
    if (opsets[domain] !== version) {
      throw new OnnxError(`The models state versions ${opsets[domain]} and ${version} of ${domain || 'ai.onnx'}.`);
    }
  }
  checkWires(first, second, wires);
  const outside = new Set([...first.graph.inputs, ...second.graph.inputs].map((i) => i.name));
  const kept = first.graph.outputs.filter((o) => keep.includes(o.name));
  const outputs = [...second.graph.outputs, ...kept];
  const a = mapNames(first.graph, (name) => (isInput(first.graph, name) ? name : `a/${name}`));
  const b = mapNames(second.graph, (name) => {
    const wire = wires[name];
    if (isInput(second.graph, name)) return wire === undefined ? name : `a/${wire}`;
    return `b/${name}`;
  });
  const copies = outputs.map(({ name }, i): Node => {
    if (outside.has(name)) throw new OnnxError(`Output ${name} has the name of an input.`);
    const from = i < second.graph.outputs.length ? b.outputs[i]!.name : `a/${name}`;
    return { op: 'Identity', domain: '', name, inputs: [from], outputs: [name], attributes: {} };
  });
  const free = second.graph.inputs.filter(({ name }) => wires[name] === undefined && !isInput(first.graph, name));
  return {
    irVersion: Math.max(first.irVersion, second.irVersion),
    producer: second.producer,
    opsets,
    metadata: { ...first.metadata, ...second.metadata },
    graph: {
      name: second.graph.name,
      inputs: [...a.inputs, ...free],
      outputs,
      initializers: new Map([...a.initializers, ...b.initializers]),
      nodes: [...a.nodes, ...b.nodes, ...copies],
    },
  };
}

const isInput = ({ inputs, initializers }: Graph, name: string): boolean =>
  !initializers.has(name) && inputs.some((i) => i.name === name);

function checkWires(first: Model, second: Model, wires: Readonly<Record<string, string>>): void {
  const { values } = inferShapes(first);
  for (const [to, from] of Object.entries(wires)) {
    const input = second.graph.inputs.find((i) => i.name === to);
    const output = first.graph.outputs.find((o) => o.name === from);
    if (!input) throw new OnnxError(`The second model has no input ${to}.`);
    if (!output) throw new OnnxError(`The first model has no output ${from}.`);
    const found = values.get(from) ?? output;
    const [wanted, given] = [input.dims, found.dims ?? output.dims];
    const fits =
      input.type === (found.type ?? output.type) &&
      (!wanted || !given || (wanted.length === given.length && wanted.every((d, i) => couldEqual(d, given[i]!))));
    if (!fits)
      throw new OnnxError(`Input ${to} should be ${showInferred(input)}, but ${from} is ${showInferred(found)}.`);
  }
}
