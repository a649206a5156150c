import { describe, expect, test } from 'vitest';
import { fittingCandidates, poolsOf } from './pools.ts';

const candidate = (number: number, learner: string, origin = 'portfolio') => ({ number, learner, origin });
const numbers = (pools: readonly (readonly { number: number }[])[]) =>
  pools.map((pool) => pool.map(({ number }) => number));

describe('what finalising tries', () => {
  test('all, then the best alone, another learner, and the baseline', () => {
    const candidates = [
      candidate(3, 'boosting'),
      candidate(7, 'boosting'),
      candidate(2, 'linear'),
      candidate(1, 'baseline'),
    ];
    expect(numbers(poolsOf(candidates, 60))).toEqual([[3, 7, 2, 1], [3], [2], [1]]);
  });

  test('nothing twice', () => {
    expect(numbers(poolsOf([candidate(1, 'baseline')], 60))).toEqual([[1]]);
    expect(numbers(poolsOf([candidate(2, 'linear'), candidate(1, 'baseline')], 60))).toEqual([[2, 1], [2], [1]]);
  });

  test('the best that fit, and the best random one among them', () => {
    const candidates = [1, 2, 3, 4, 5, 6].map((n) => candidate(n, 'mlp', n === 5 ? 'random' : 'portfolio'));
    expect(numbers(poolsOf(candidates, 3))[0]).toEqual([1, 2, 5]);
    expect(numbers(poolsOf(candidates.slice(0, 4), 3))[0]).toEqual([1, 2, 3]);
    expect(numbers(poolsOf(candidates, 60))[0]).toHaveLength(6);
  });
});

test('predictions of many rows and classes leave room for few candidates', () => {
  expect(fittingCandidates(16_000 * 500, 4096)).toBe(10);
  expect(fittingCandidates(800_000, 4096)).toBeGreaterThan(60);
  expect(fittingCandidates(1e9, 4096)).toBe(2);
});
