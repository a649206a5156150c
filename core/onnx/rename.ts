/** Renaming of values in nodes, through subgraphs that read them. */
import type { Attribute, Graph, Node } from './model.ts';

/** `nodes` with every value named in `renames` called by its new name. */
export function renameValues(nodes: readonly Node[], renames: ReadonlyMap<string, string>): readonly Node[] {
  if (renames.size === 0) return nodes;
  const rename = (name: string): string => renames.get(name) ?? name;
  return nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(Object.entries(node.attributes).map(([k, a]) => [k, renameInside(a, renames)])),
  }));
}

function renameInside(attribute: Attribute, renames: ReadonlyMap<string, string>): Attribute {
  if (attribute.kind !== 'graph') return attribute;
  const graph: Graph = attribute.value;
  return { kind: 'graph', value: { ...graph, nodes: renameValues(graph.nodes, renames) } };
}
