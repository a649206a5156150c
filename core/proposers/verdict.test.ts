import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { judgeSearch, LEADING, verdictOf } from './verdict.ts';

describe('verdict of a search', () => {
  const verdicts = (choose: (random: Random) => number, runs: number) => {
    const counts = { better: 0, tie: 0, worse: 0 };
    for (let seed = 0; seed < runs; seed++) {
      const random = new Random(seed);
      const arm = Array.from({ length: 59 }, () => random.normal());
      const leading = Array.from({ length: LEADING }, () => choose(random));
      counts[verdictOf(leading, arm).verdict] += 1 / runs;
    }
    return counts;
  };

  it('calls designs picked at random better once in twenty times, and as often worse', () => {
    const { better, worse } = verdicts((random) => random.normal(), 300);
    expect(better).toBeLessThanOrEqual(0.08);
    expect(better).toBeGreaterThan(0.02);
    expect(worse).toBeLessThanOrEqual(0.08);
    expect(worse).toBeGreaterThan(0.02);
  });

  it('sees designs that stand one deviation above on average, scattered as they may be', () => {
    expect(verdicts((random) => 1 + random.normal(), 100).better).toBeGreaterThan(0.6);
  });

  it('counts the ways to stand as high', () => {
    // Of the ten pairs of five places, {4, 5} alone stands as high; with a tie at the top so do {5, 3}, {5, 4} and {4, 3}.
    expect(verdictOf([4, 5], [1, 2, 3]).chance).toBeCloseTo(1 / 10, 12);
    expect(verdictOf([5, 5], [1, 2, 5]).chance).toBeCloseTo(3 / 10, 12);
    expect(verdictOf([9], [1, 2, 3]).chance).toBeCloseTo(1 / 4, 12);
  });

  it('says nothing from few random designs, and of equal scores', () => {
    expect(judgeSearch([9], [1, 2, 3], 0).verdict).toBe('tie');
    expect(judgeSearch([1, 1, 1, 1, 1], Array(40).fill(1), 0).verdict).toBe('tie');
  });

  it('gives the gain over random designs with an interval around it', () => {
    const { gain, low, high } = judgeSearch([5, 6, 4], [1, 2, 3, 2, 2, 1, 3, 2, 2], 1);
    expect(gain).toBeCloseTo(3, 12);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
    expect(low).toBeGreaterThan(1);
  });
});
