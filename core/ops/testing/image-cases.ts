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
];
