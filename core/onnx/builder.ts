/** Builds ONNX graphs: fresh names, deduplicated constants, subgraphs, metadata. */
import type { Tensor, TensorType } from '../contracts/runtime.ts';
import { type AttributeValue, toAttribute } from './attributes.ts';
import { ConstantPool } from './constants.ts';
import type { Dim, Graph, Model, Node, ValueInfo } from './model.ts';
import { renameValues } from './rename.ts';
import { writeModel } from './write.ts';

/** Operator set versions that every file states; others than ai.onnx's only when a node uses them. */
export const opsetVersions: Readonly<Record<string, number>> = {
  '': 20,
  'ai.onnx.ml': 3,
  'com.microsoft': 1,
  'com.microsoft.nchwc': 1,
};
/** ONNX 1.15 (December 2023). */
const IR_VERSION = 9;

export interface NodeOptions {
  /** `ai.onnx.ml`, `com.microsoft`; ai.onnx when left out. */
  readonly domain?: string;
}

export interface MultiNodeOptions extends NodeOptions {
  /** How many outputs the node has. */
  readonly outputs: number;
}

/** What a graph and its subgraphs share: one name space. */
interface Names {
  readonly used: Set<string>;
  next: number;
}

export class GraphBuilder {
  private readonly names: Names;
  private readonly constants = new ConstantPool();
  private readonly nodes: Node[] = [];
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private readonly outputSources: string[] = [];
  private readonly properties: Record<string, string> = {};
  private readonly name: string;

  constructor(name = 'main', parent?: GraphBuilder) {
    this.name = name;
    this.names = parent ? parent.names : { used: new Set(), next: 0 };
  }

  /** A graph for the `body`, `then_branch` or `else_branch` attribute; it may read values of this graph by name. */
  subgraph(name = 'body'): GraphBuilder {
    return new GraphBuilder(name, this);
  }

  /** A name no value of this graph or its subgraphs has. */
  fresh(hint: string): string {
    let name: string;
    do name = `${hint}_${this.names.next++}`;
    while (this.names.used.has(name));
    this.names.used.add(name);
    return name;
  }

  /** Declares a graph input under exactly this name. Throws when the name is taken: declare inputs before nodes. */
  input(name: string, type: TensorType, dims: readonly Dim[] | null): string {
    this.claim(name);
    this.inputs.push({ name, type, dims });
    return name;
  }

  /** An initialiser; equal tensors of this graph share one. */
  constant(tensor: Tensor, hint = 'c'): string {
    return this.constants.add(tensor, () => this.fresh(hint));
  }

  /** A float32 constant; `dims` defaults to one axis, a plain number makes a scalar. */
  float32(values: number | readonly number[] | Float32Array, dims?: readonly number[]): string {
    const data = typeof values === 'number' ? Float32Array.of(values) : Float32Array.from(values);
    return this.constant({ type: 'float32', dims: dims ?? (typeof values === 'number' ? [] : [data.length]), data });
  }

  /** An int64 constant; `dims` defaults to one axis, a plain number makes a scalar. */
  int64(values: number | readonly number[] | Int32Array, dims?: readonly number[]): string {
    const list = typeof values === 'number' ? [values] : Array.from(values);
    const data = BigInt64Array.from(list, BigInt);
    return this.constant({ type: 'int64', dims: dims ?? (typeof values === 'number' ? [] : [data.length]), data });
  }

  /** A string constant; `dims` defaults to one axis. */
  strings(values: readonly string[], dims: readonly number[] = [values.length]): string {
    return this.constant({ type: 'string', dims, data: values });
  }

  /** Adds a node and returns the name of its output, or of its outputs when `outputs` says how many. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> | undefined,
    options: MultiNodeOptions,
  ): string[];
  node(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, AttributeValue>>,
    options?: NodeOptions,
  ): string;
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    options: NodeOptions | MultiNodeOptions = {},
  ): string | string[] {
    const count = 'outputs' in options ? options.outputs : 1;
    const outputs = Array.from({ length: count }, () => this.fresh(op));
    const entries = Object.entries(attributes).map(([key, value]) => [key, toAttribute(value)] as const);
    const domain = options.domain ?? '';
    this.nodes.push({ op, domain, name: outputs[0] ?? '', inputs, outputs, attributes: Object.fromEntries(entries) });
    return 'outputs' in options ? outputs : outputs[0]!;
  }

  /**
   * Declares a graph output under exactly this name, holding the value `source`. The producing node is renamed where
   * that is possible, which saves a copy; inputs, constants and values that are output twice go through Identity.
   */
  output(name: string, type: TensorType, dims: readonly Dim[] | null, source: string): void {
    this.claim(name);
    this.outputs.push({ name, type, dims });
    this.outputSources.push(source);
  }

  /** Sets an entry of `metadata_props`. */
  metadata(key: string, value: string): void {
    this.properties[key] = value;
  }

  toGraph(): Graph {
    const nodes = [...this.nodes];
    const produced = new Set(nodes.flatMap((n) => n.outputs));
    const renames = new Map<string, string>();
    const copies: Node[] = [];
    this.outputs.forEach((output, i) => {
      const source = this.outputSources[i]!;
      if (produced.has(source) && !renames.has(source)) renames.set(source, output.name);
      else {
        const from = { op: 'Identity', domain: '', name: output.name, inputs: [source], attributes: {} };
        copies.push({ ...from, outputs: [output.name] });
      }
    });
    return {
      name: this.name,
      inputs: [...this.inputs],
      outputs: [...this.outputs],
      initializers: this.constants.all(),
      nodes: renameValues([...nodes, ...copies], renames),
    };
  }

  toModel(): Model {
    const graph = this.toGraph();
    const used = new Set<string>(['']);
    collectDomains(graph, used);
    const opsets = Object.fromEntries(Object.entries(opsetVersions).filter(([domain]) => used.has(domain)));
    for (const domain of used) {
      if (!(domain in opsets)) throw new TypeError(`No operator set version is known for domain ${domain}.`);
    }
    return { irVersion: IR_VERSION, producer: 'warmstart', opsets, metadata: { ...this.properties }, graph };
  }

  toBytes(): Uint8Array {
    return writeModel(this.toModel());
  }

  private claim(name: string): void {
    if (this.names.used.has(name)) throw new TypeError(`The name ${name} is already in use in this graph.`);
    this.names.used.add(name);
  }
}

function collectDomains(graph: Graph, into: Set<string>): void {
  for (const node of graph.nodes) {
    into.add(node.domain);
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.kind === 'graph') collectDomains(attribute.value, into);
    }
  }
}
