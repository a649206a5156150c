import { expect, test } from 'vitest';
import { levelsOf, swarmOffsets } from './beeswarm.ts';

test('points apart stay in the middle, points together spread to both sides of it within their row', () => {
  expect(swarmOffsets([0, 0.5, 1], 0, 1)).toEqual([0, 0, 0]);
  const dense = swarmOffsets(new Array(200).fill(0.5), 0, 1);
  expect(dense.slice(0, 3).map((offset) => Math.sign(offset))).toEqual([0, -1, 1]);
  expect(new Set(dense.slice(0, 9)).size).toBe(9);
  expect(Math.max(...dense.map(Math.abs))).toBeLessThan(0.45);
});

test('levels are places among the numbers', () => {
  expect(levelsOf([10, 30, null, 20, 'x', 20])).toEqual([0, 1, null, 1 / 3, null, 1 / 3]);
  expect(levelsOf([5])).toEqual([null]);
});
