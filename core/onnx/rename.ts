/** Renaming of values in nodes, through subgraphs that read them. */
import type { Attribute, Graph, Node } from './model.ts';

/** `nodes` with every value named in `renames` called by its new name. */
export function renameValues(nodes: readonly Node[], renames: ReadonlyMap<string, string>): readonly Node[] {
  if (renames.size === 0) return nodes;
  const rename = (name: string): string => renames.get(name) ?? name;
  return nodes.map((node) =>
    renameNode(node, rename, (graph) => ({ ...graph, nodes: renameValues(graph.nodes, renames) })),
  );
}

/** The graph with every value, also those inside subgraphs, called what `rename` says; omitted inputs stay omitted. */
export function mapNames(graph: Graph, rename: (name: string) => string): Graph {
  const named = <T extends { readonly name: string }>(value: T): T => ({ ...value, name: rename(value.name) });
  return {
    ...graph,
    inputs: graph.inputs.map(named),
    outputs: graph.outputs.map(named),
    initializers: new Map([...graph.initializers].map(([name, tensor]) => [rename(name), tensor])),
    nodes: graph.nodes.map((node) =>
      renameNode(
        node,
        (name) => (name === '' ? '' : rename(name)),
        (inner) => mapNames(inner, rename),
      ),
    ),
  };
}

function renameNode(node: Node, rename: (name: string) => string, inside: (graph: Graph) => Graph): Node {
  const attributes = Object.entries(node.attributes).map(([key, attribute]): [string, Attribute] => [
    key,
    attribute.kind === 'graph' ? { kind: 'graph', value: inside(attribute.value) } : attribute,
  ]);
  return {
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(attributes),
  };
}
