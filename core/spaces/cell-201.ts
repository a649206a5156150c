/**
 * The cells of NAS-Bench-201 (Dong and Yang 2020): four nodes, an operation on each of the six edges between them; a node
 * is the sum of what its edges bring.
 */
import { choice, type Design, type Space } from './space.ts';

export const cell201Operations = ['none', 'skip', 'conv1', 'conv3', 'pool3'] as const;
export type Cell201Operation = (typeof cell201Operations)[number];

/** From an earlier node to a later one, in the order of the paper; node 3 is the cell's output. */
export const cell201Edges = [
  [0, 1],
  [0, 2],
  [1, 2],
  [0, 3],
  [1, 3],
  [2, 3],
] as const;

export const edgeName = ([from, to]: (typeof cell201Edges)[number]): string => `edge${from}${to}`;

export const cell201Space: Space = {
  name: 'cell-201',
  version: 1,
  decisions: cell201Edges.map((edge) =>
    choice(edgeName(edge), cell201Operations, { phrase: `{} from ${edge[0]} to ${edge[1]}` }),
  ),
};

/**
 * Text of what a cell computes, equal for cells that compute the same with the same weights: edges that bring nothing are
 * gone, skips hand on what they read, sums have no order. Null for cells whose output nothing reaches.
 */
export function cell201Function(cell: Design): string | null {
  // Terms of each node's sum; none where nothing reaches it.
  const nodes: string[][] = [['x'], [], [], []];
  for (const edge of cell201Edges) {
    const [from, to] = edge;
    const terms = nodes[from]!;
    const operation = cell[edgeName(edge)];
    if (operation === 'none' || terms.length === 0) continue;
    nodes[to]!.push(...(operation === 'skip' ? terms : [`${operation}(${terms.toSorted().join('+')})`]));
  }
  const output = nodes[3]!;
  return output.length === 0 ? null : output.toSorted().join('+');
}
