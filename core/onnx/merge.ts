/** Several models as one, with what they have in common computed once. */
import { valueKeys } from './canonical.ts';
import type { FileTensor, Graph, Model, Node, ValueInfo } from './model.ts';
import { mapNames } from './rename.ts';
import { couldEqual, showInferred } from './shapes/inferred.ts';
import { OnnxError } from './wire.ts';

export interface MergePart {
  readonly model: Model;
  /** Put before the names of the part's outputs. */
  readonly prefix: string;
}

/**
 * One model with the outputs of all parts. Inputs of one name are one input; equal initialisers and equal computations,
 * whatever they are called, appear once. Throws an OnnxError where inputs or operator sets contradict each other.
 */
export function mergeModels(parts: readonly MergePart[]): Model {
  const first = parts[0]?.model;
  if (!first) throw new OnnxError('There is nothing to merge.');
  const opsets = joined(
    'operator set',
    parts.map((p) => p.model.opsets),
  );
  const inputs = commonInputs(parts.map((p) => p.model.graph));
  const position = new Map(inputs.map(({ name }, i) => [name, i]));
  const merged = new Merged(inputs);
  for (const { model, prefix } of parts) merged.add(model.graph, position, prefix);
  return {
    irVersion: Math.max(...parts.map((p) => p.model.irVersion)),
    producer: first.producer,
    opsets,
    metadata: Object.assign({}, ...parts.map((p) => p.model.metadata)),
    graph: merged.toGraph(first.graph.name),
  };
}

/** Versions by domain, which must agree where both state one. */
function joined(what: string, records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const record of records) {
    for (const [domain, version] of Object.entries(record)) {
      all[domain] ??= version;
      const before = all[domain];
      if (before !== version) {
        throw new OnnxError(
          `The models state versions ${before} and ${version} of the ${what} ${domain || 'ai.onnx'}.`,
        );
      }
    }
  }
  return all;
}

function commonInputs(graphs: readonly Graph[]): ValueInfo[] {
  const inputs = new Map<string, ValueInfo>();
  for (const input of graphs.flatMap((g) => g.inputs.filter(({ name }) => !g.initializers.has(name)))) {
    const before = inputs.get(input.name) ?? input;
    inputs.set(input.name, before);
    const [a, b] = [before.dims, input.dims];
    const fits =
      before.type === input.type && (!a || !b || (a.length === b.length && a.every((d, i) => couldEqual(d, b[i]!))));
    if (!fits)
      throw new OnnxError(
        `Input ${input.name} is ${showInferred(before)} in one model and ${showInferred(input)} in another.`,
      );
  }
  return [...inputs.values()];
}

/** A graph that grows by others; a value is known by its key (canonical.ts), not by its name. */
class Merged {
  private readonly inputs: readonly ValueInfo[];
  private readonly outputs: ValueInfo[] = [];
  private readonly initializers = new Map<string, FileTensor>();
  private readonly nodes: Node[] = [];
  private readonly names = new Map<string, string>();
  private readonly taken: Set<string>;
  private parts = 0;

  constructor(inputs: readonly ValueInfo[]) {
    this.inputs = inputs;
    this.taken = new Set(inputs.map((i) => i.name));
  }

  add(graph: Graph, position: ReadonlyMap<string, number>, prefix: string): void {
    // With all inputs in one order, the same computation has the same key in every part.
    const missing = this.inputs.map((input) => graph.inputs.find((own) => own.name === input.name) ?? input);
    const inputs = missing.map((input, i): ValueInfo => ({ ...input, dims: this.inputs[i]!.dims }));
    const defaults = graph.inputs.filter(({ name }) => !position.has(name));
    const keys = valueKeys(
      { ...graph, inputs: [...inputs, ...defaults.filter(({ name }) => !graph.initializers.has(name))] },
      `${this.parts++}:`,
    );
    const own = new Map<string, string>(inputs.map(({ name }) => [name, name]));
    for (const [name, tensor] of graph.initializers) {
      const key = keys.get(name)!;
      const shared = this.names.get(key) ?? this.fresh(name);
      if (!this.names.has(key)) this.initializers.set(shared, tensor);
      this.names.set(key, shared);
      own.set(name, shared);
    }
    for (const node of graph.nodes) this.addNode(node, keys, own);
    for (const output of graph.outputs)
      this.addOutput({ ...output, name: prefix + output.name }, own.get(output.name)!);
  }

  private addNode(node: Node, keys: ReadonlyMap<string, string>, own: Map<string, string>): void {
    const there = node.outputs.map((name) => (name === '' ? '' : this.names.get(keys.get(name)!)));
    if (there.every((name) => name !== undefined)) {
      node.outputs.forEach((name, i) => {
        if (name !== '') own.set(name, there[i]!);
      });
      return;
    }
    const inside = new Map<string, string>();
    const rename = (name: string): string => {
      if (name === '') return '';
      const known = own.get(name) ?? inside.get(name) ?? this.fresh(name);
      if (!own.has(name)) inside.set(name, known);
      return known;
    };
    for (const name of node.outputs) {
      if (name === '') continue;
      const fresh = this.fresh(name);
      own.set(name, fresh);
      this.names.set(keys.get(name)!, fresh);
    }
    const holder = { name: '', inputs: [], outputs: [], initializers: new Map(), nodes: [node] };
    this.nodes.push({ ...mapNames(holder, rename).nodes[0]!, name: this.fresh(node.name || node.op) });
  }

  private addOutput(output: ValueInfo, source: string): void {
    if (this.outputs.some((o) => o.name === output.name)) {
      throw new OnnxError(`Two models have an output ${output.name}: give them prefixes.`);
    }
    this.outputs.push(output);
    this.sources.push(source);
  }
  private readonly sources: string[] = [];

  private fresh(hint: string): string {
    let name = hint;
    for (let i = 1; this.taken.has(name); i++) name = `${hint}.${i}`;
    this.taken.add(name);
    return name;
  }

  toGraph(name: string): Graph {
    const outputNames = new Set(this.outputs.map((o) => o.name));
    for (const output of outputNames) {
      if (this.inputs.some((i) => i.name === output)) throw new OnnxError(`Output ${output} has the name of an input.`);
    }
    // Values inside that are called like an output make way for it.
    const away = new Map<string, string>();
    for (const output of outputNames) if (this.taken.has(output)) away.set(output, this.fresh(`${output}.inner`));
    const moved = (value: string): string => away.get(value) ?? value;
    const inner = mapNames(
      { name, inputs: this.inputs, outputs: [], initializers: this.initializers, nodes: this.nodes },
      moved,
    );
    const copies = this.outputs.map((output, i): Node => {
      const from = { op: 'Identity', domain: '', name: output.name, attributes: {} };
      return { ...from, inputs: [moved(this.sources[i]!)], outputs: [output.name] };
    });
    return { ...inner, outputs: this.outputs, nodes: [...inner.nodes, ...copies] };
  }
}
