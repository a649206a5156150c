/** Cases of the operators on edge lists: several members, a shared list, empty segments, one value, one segment. */
import type { OperatorCase } from './cases.ts';

/** Weighted or not, shared by members or their own. */
const messages: readonly OperatorCase[] = [
  { members: 1, lead: 1, weighted: true, edges: 6, nodes: 4, width: 2 },
  { members: 2, lead: 1, weighted: true, edges: 5, nodes: 3, width: 1 },
  { members: 2, lead: 2, weighted: true, edges: 4, nodes: 3, width: 2 },
  { members: 3, lead: 1, weighted: false, edges: 1, nodes: 1, width: 2 },
].map(({ members, lead, weighted, edges, nodes, width }) => ({
  op: 'propagate',
  shapes: [[members, nodes, width], [lead, edges], [lead, edges], ...(weighted ? [[lead, edges, 1]] : [])],
  kinds: ['signed', `index${nodes}`, `index${nodes}`, ...(weighted ? (['signed'] as const) : [])],
}));

const segments: readonly OperatorCase[] = ['scatter-add', 'segment-mean', 'segment-max', 'segment-softmax'].flatMap(
  (op): OperatorCase[] => [
    {
      op,
      shapes: [
        [1, 6, 2],
        [1, 6],
      ],
      attributes: { rows: 4 },
      kinds: ['signed', 'index4'],
    },
    {
      op,
      shapes: [
        [2, 5, 3],
        [2, 5],
      ],
      attributes: { rows: 7 },
      kinds: ['signed', 'index3'],
    },
    {
      op,
      shapes: [
        [3, 4, 1],
        [1, 4],
      ],
      attributes: { rows: 2 },
      kinds: ['signed', 'index2'],
    },
    {
      op,
      shapes: [
        [1, 1, 1],
        [1, 1],
      ],
      attributes: { rows: 1 },
      kinds: ['signed', 'index1'],
    },
  ],
);

export const graphCases: readonly OperatorCase[] = [...segments, ...messages];
