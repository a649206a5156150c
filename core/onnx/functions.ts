/** Functions that a model brings along (FunctionProto), written out where nodes call them. */
import type { Attribute, Graph, Node } from './model.ts';
import { OnnxError } from './wire.ts';

/** An attribute of a function's body that takes the caller's value. */
export interface AttributeReference {
  readonly kind: 'reference';
  readonly name: string;
}

export type BodyAttribute = Attribute | AttributeReference;

export interface FunctionBody {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly (Omit<Node, 'attributes'> & {
    readonly attributes: Readonly<Record<string, BodyAttribute>>;
  })[];
  /** Values of attributes that the caller leaves out. */
  readonly defaults: Readonly<Record<string, Attribute>>;
}

/** What nodes call a function by. */
export const functionKey = (domain: string, op: string): string => `${domain}\u0000${op}`;

const MAX_DEPTH = 32;
const MAX_NODES = 1 << 20;

/** `graph` with every call of a function replaced by its body. Throws an OnnxError where functions call each other in a circle. */
export function inlineFunctions(graph: Graph, functions: ReadonlyMap<string, FunctionBody>): Graph {
  if (functions.size === 0) return graph;
  let calls = 0;
  let written = 0;

  function expand(nodes: readonly Node[], depth: number): Node[] {
    if (depth > MAX_DEPTH) throw new OnnxError('Functions of the model call each other too deeply.');
    return nodes.flatMap((node) => {
      if (++written > MAX_NODES) throw new OnnxError('Functions of the model grow without end.');
      const body = functions.get(functionKey(node.domain, node.op));
      if (body) return expand(bodyOf(node, body, `${node.name || node.op}.${++calls}`), depth + 1);
      return [{ ...node, attributes: mapGraphs(node.attributes, (g) => ({ ...g, nodes: expand(g.nodes, depth) })) }];
    });
  }
  return { ...graph, nodes: expand(graph.nodes, 0) };
}

function mapGraphs(
  attributes: Readonly<Record<string, Attribute>>,
  change: (graph: Graph) => Graph,
): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, a]) => [
      name,
      a.kind === 'graph' ? { kind: a.kind, value: change(a.value) } : a,
    ]),
  );
}

/** The body's nodes with the caller's values, names of their own under `prefix`, and the caller's attributes. */
function bodyOf(call: Node, body: FunctionBody, prefix: string): Node[] {
  const names = new Map<string, string>([['', '']]);
  for (const [i, name] of body.inputs.entries()) names.set(name, call.inputs[i] ?? '');
  body.outputs.forEach((name, i) => {
    if (call.outputs[i]) names.set(name, call.outputs[i]);
  });
  const rename = (name: string): string => names.get(name) ?? `${prefix}/${name}`;
  const inside = (graph: Graph): Graph => ({
    ...graph,
    inputs: graph.inputs.map((v) => ({ ...v, name: rename(v.name) })),
    outputs: graph.outputs.map((v) => ({ ...v, name: rename(v.name) })),
    initializers: new Map([...graph.initializers].map(([name, tensor]) => [rename(name), tensor])),
    nodes: graph.nodes.map(renamed),
  });
  function renamed(node: FunctionBody['nodes'][number]): Node {
    const attributes: Record<string, Attribute> = {};
    for (const [name, attribute] of Object.entries(node.attributes)) {
      const value = attribute.kind === 'reference' ? given(attribute.name) : attribute;
      if (value) attributes[name] = value;
    }
    return {
      ...node,
      name: `${prefix}/${node.name || node.op}`,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
      attributes: mapGraphs(attributes, inside),
    };
  }
  const given = (name: string): Attribute | undefined => call.attributes[name] ?? body.defaults[name];
  return body.nodes.map(renamed);
}
