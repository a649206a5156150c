/** Cases of the losses beyond the first four: one row, several members, row weights. */
import type { OperatorCase } from './cases.ts';

export const lossCases: readonly OperatorCase[] = [
  {
    op: 'mae',
    shapes: [
      [1, 4, 2],
      [1, 4, 2],
    ],
  },
  {
    op: 'mae',
    shapes: [
      [2, 1, 1],
      [2, 1, 1],
      [2, 1, 1],
    ],
    kinds: ['signed', 'signed', 'positive'],
  },
  {
    op: 'quantile',
    shapes: [
      [2, 3, 3],
      [2, 3, 3],
    ],
    attributes: { quantiles: [0.1, 0.5, 0.9] },
  },
  {
    op: 'quantile',
    shapes: [
      [1, 2, 1],
      [1, 2, 1],
      [1, 2, 1],
    ],
    attributes: { quantiles: [0.8] },
    kinds: ['signed', 'signed', 'positive'],
  },
  ...[0, 1, 1.5, 2].map(
    (gamma): OperatorCase => ({
      op: 'focal',
      shapes: [
        [2, 3, 3],
        [2, 3, 3],
        [2, 3, 1],
      ],
      attributes: { gamma },
      kinds: ['signed', 'simplex', 'positive'],
    }),
  ),
  {
    op: 'dice',
    shapes: [
      [2, 3, 4],
      [2, 3, 4],
    ],
    attributes: { smooth: 1 },
    kinds: ['signed', 'mask'],
  },
  {
    op: 'dice',
    shapes: [
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ],
    attributes: { smooth: 0.1 },
    kinds: ['signed', 'unit', 'positive'],
  },
];
