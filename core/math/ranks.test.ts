import { expect, test } from 'vitest';
import { ranksOf, spearman } from './ranks.ts';

test('equal values share the mean of their ranks', () => {
  expect([...ranksOf([3, 1, 3, 2, 3])]).toEqual([4, 1, 4, 2, 4]);
});

test('rank correlation sees the order alone', () => {
  expect(spearman([1, 2, 3, 4], [1, 8, 27, 64])).toBeCloseTo(1, 12);
  expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
  // 1 - 6·(1 + 1)/(4·15) with two neighbours swapped.
  expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
  expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0);
});
