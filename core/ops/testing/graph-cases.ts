/** Cases of the operators on edge lists: several members, a shared list, empty segments, one value, one segment. */
import type { OperatorCase } from './cases.ts';

export const graphCases: readonly OperatorCase[] = [
  'scatter-add',
  'segment-mean',
  'segment-max',
  'segment-softmax',
].flatMap((op): OperatorCase[] => [
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
]);
