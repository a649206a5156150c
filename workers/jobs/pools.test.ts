import { describe, expect, test } from 'vitest';
import { fittingCandidates, poolAfterTimeOut, poolsOf } from './pools.ts';

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

  test('after the best alone, the trial that the usable file was made of', () => {
    const candidates = [
      candidate(9, 'mlp'),
      candidate(3, 'boosting'),
      candidate(4, 'boosting'),
      candidate(2, 'linear'),
      candidate(1, 'baseline'),
    ];
    expect(numbers(poolsOf(candidates, 60, candidates[2]))).toEqual([[9, 3, 4, 2, 1], [9], [4], [2], [1]]);
    // The best one comes up anyway, and a baseline proves nothing.
    expect(numbers(poolsOf(candidates, 60, candidates[0]))).toEqual([[9, 3, 4, 2, 1], [9], [3], [1]]);
    expect(numbers(poolsOf(candidates, 60, candidates[4]))).toEqual([[9, 3, 4, 2, 1], [9], [3], [1]]);
  });

  test('where time ran out, the usable trial at once, then the baseline', () => {
    const candidates = [
      candidate(9, 'mlp'),
      candidate(3, 'boosting'),
      candidate(2, 'linear'),
      candidate(1, 'baseline'),
    ];
    const [best, usable] = candidates;
    const pools = poolsOf(candidates, 60, usable);
    expect(numbers(pools)).toEqual([[9, 3, 2, 1], [9], [3], [2], [1]]);
    expect(poolAfterTimeOut(pools, 0, false, usable)).toBe(2);
    expect(poolAfterTimeOut(pools, 0, false, best)).toBe(1);
    expect(poolAfterTimeOut(pools, 0, false)).toBe(1);
    expect(poolAfterTimeOut(pools, 2, true, usable)).toBe(4);
    expect(poolAfterTimeOut(pools, 4, true, usable)).toBe(5);
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
