/** Cases of the operators on images and sequences [K, N, C, ...size]. */
import type { OperatorCase } from './cases.ts';

const conv = (
  x: readonly number[],
  w: readonly number[],
  attributes: Record<string, number | readonly number[]> = {},
  bias = false,
): OperatorCase => ({ op: 'conv', shapes: [x, w, ...(bias ? [w.slice(0, 2)] : [])], attributes });

export const imageCases: readonly OperatorCase[] = [
  conv([1, 2, 2, 5], [1, 3, 2, 3], {}, true),
  conv([1, 1, 1, 1], [1, 1, 1, 1]),
  conv([1, 2, 2, 7], [1, 2, 2, 2], { strides: [3], dilations: [2], pads: [1, 0] }),
  conv([1, 2, 3, 4, 3], [1, 2, 3, 3, 3], { pads: [1, 1, 1, 1] }, true),
  conv([1, 1, 2, 5, 4], [1, 2, 2, 2, 3], { strides: [2, 1], pads: [0, 2, 1, 0] }),
  // stride > kernel
  conv([1, 1, 2, 5, 5], [1, 2, 2, 2, 1], { strides: [3, 2] }),
  conv([1, 2, 3, 2, 3], [1, 4, 3, 1, 1], {}, true),
  // groups, depthwise, depthwise with a multiplier
  conv([1, 2, 4, 3, 4], [1, 6, 2, 2, 3], { group: 2, pads: [1, 1, 0, 1] }),
  conv([1, 2, 4, 2, 2], [1, 4, 2, 1, 1], { group: 2 }),
  conv([1, 2, 3, 4, 4], [1, 3, 1, 3, 3], { group: 3, pads: [1, 1, 1, 1] }, true),
  conv([1, 1, 2, 5, 5], [1, 2, 1, 3, 3], { group: 2, strides: [2, 2], dilations: [1, 2], pads: [1, 2, 1, 2] }),
  conv([1, 1, 2, 4], [1, 4, 1, 3], { group: 2 }),
  // members, with inputs of their own and a shared one
  conv([2, 2, 2, 3, 3], [2, 2, 2, 2, 2], {}, true),
  conv([1, 2, 2, 4], [3, 2, 2, 3], { pads: [1, 1] }, true),
  conv([1, 1, 1, 2, 3, 3], [1, 2, 1, 2, 2, 2], { strides: [1, 2, 1], pads: [0, 0, 1, 0, 1, 0] }),
  {
    op: 'conv-transpose',
    shapes: [
      [1, 2, 3, 4],
      [1, 3, 2, 3],
    ],
  },
  {
    op: 'conv-transpose',
    shapes: [
      [1, 1, 2, 2, 3],
      [1, 2, 2, 2, 3],
    ],
    attributes: { strides: [2, 3], pads: [1, 0, 0, 1], outputPadding: [1, 0] },
  },
  {
    op: 'conv-transpose',
    shapes: [
      [1, 2, 4, 2, 2],
      [1, 4, 3, 1, 2],
    ],
    attributes: { group: 2, dilations: [1, 2] },
  },
  {
    op: 'conv-transpose',
    shapes: [
      [1, 1, 2, 1, 1],
      [1, 2, 1, 1, 1],
    ],
    attributes: { group: 2, strides: [2, 2] },
  },
  {
    op: 'conv-transpose',
    shapes: [
      [1, 1, 2, 3],
      [2, 2, 1, 2],
    ],
    attributes: { strides: [2] },
  },
  ...['max-pool', 'average-pool'].flatMap((op): OperatorCase[] => [
    { op, shapes: [[2, 2, 3, 4, 4]], attributes: { kernel: [2, 2] } },
    // what the last window does not reach
    { op, shapes: [[1, 2, 1, 5, 3]], attributes: { kernel: [2, 3] } },
    { op, shapes: [[1, 2, 2, 6]], attributes: { kernel: [3] } },
    { op, shapes: [[1, 1, 1, 1, 1]], attributes: { kernel: [1, 1] } },
    // overlapping, padded, with gaps
    { op, shapes: [[1, 2, 2, 4, 5]], attributes: { kernel: [3, 3], strides: [1, 2], pads: [1, 1, 1, 1] } },
    { op, shapes: [[1, 1, 1, 6]], attributes: { kernel: [2], strides: [3] } },
    { op, shapes: [[1, 1, 2, 3, 2, 4]], attributes: { kernel: [2, 1, 2], strides: [1, 1, 1] } },
    { op, shapes: [[1, 1, 2, 4, 3, 2]], attributes: { kernel: [2, 3, 1] } },
  ]),
  { op: 'global-average-pool', shapes: [[2, 2, 3, 2, 3]], attributes: { axes: 2 } },
  { op: 'global-average-pool', shapes: [[1, 1, 1, 1]], attributes: { axes: 1 } },
  ...['nearest', 'linear'].flatMap((mode) => [
    { op: 'resize', shapes: [[1, 2, 2, 2, 3]], attributes: { mode, factors: [2, 3] } },
    { op: 'resize', shapes: [[2, 1, 1, 1, 4]], attributes: { mode, factors: [3, 1] } },
    { op: 'resize', shapes: [[1, 2, 1, 3]], attributes: { mode, factors: [2] } },
  ]),
  ...['nearest', 'linear'].flatMap((mode) => [
    { op: 'resize', shapes: [[1, 1, 2, 2, 1, 3]], attributes: { mode, factors: [2, 1, 3] } },
    { op: 'resize', shapes: [[1, 2, 1, 1, 2, 2]], attributes: { mode, factors: [3, 2, 2] } },
  ]),
  ...['adaptive-average-pool', 'adaptive-max-pool'].flatMap((op): OperatorCase[] => [
    // places that divide, that do not, more places than elements, one place, one element
    { op, shapes: [[2, 1, 2, 4, 6]], attributes: { places: [2, 3] } },
    { op, shapes: [[1, 2, 2, 5, 7]], attributes: { places: [3, 2] } },
    { op, shapes: [[1, 1, 2, 2, 3]], attributes: { places: [3, 5] } },
    { op, shapes: [[2, 1, 1, 7]], attributes: { places: [1] } },
    { op, shapes: [[1, 1, 1, 1, 1]], attributes: { places: [1, 1] } },
    { op, shapes: [[1, 1, 1, 3, 2, 5]], attributes: { places: [2, 2, 3] } },
  ]),
  { op: 'pad', shapes: [[2, 1, 2, 3]], attributes: { pads: [1, 0, 0, 2] } },
  { op: 'pad', shapes: [[3]], attributes: { pads: [2, 1] } },
  { op: 'pad', shapes: [[1, 2]], attributes: { pads: [0, 0] } },
  { op: 'expand', shapes: [[2, 1, 3]], attributes: { shape: [2, 4, 3] } },
  { op: 'expand', shapes: [[1]], attributes: { shape: [2, 3] } },
  { op: 'expand', shapes: [[2]], attributes: { shape: [2] } },
];
