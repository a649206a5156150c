import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { judgeSearch } from './verdict.ts';

describe('verdict of a search', () => {
  const verdicts = (choose: (random: Random) => number, runs: number) => {
    const counts = { better: 0, tie: 0, worse: 0 };
    for (let seed = 0; seed < runs; seed++) {
      const random = new Random(seed);
      const arm = Array.from({ length: 59 }, () => random.normal());
      counts[judgeSearch(choose(random), arm, seed).verdict] += 1 / runs;
    }
    return counts;
  };

  it('calls a design picked at random better less than once in ten times, and as often worse', () => {
    const { better, worse } = verdicts((random) => random.normal(), 300);
    expect(better).toBeLessThanOrEqual(0.13);
    expect(better).toBeGreaterThan(0.03);
    expect(worse).toBeLessThanOrEqual(0.13);
  });

  it('sees a design that stands two deviations above', () => {
    expect(verdicts((random) => 2 + 0.3 * random.normal(), 100).better).toBeGreaterThan(0.8);
  });

  it('says nothing from few random designs, and of equal scores', () => {
    expect(judgeSearch(9, [1, 2, 3], 0).verdict).toBe('tie');
    expect(judgeSearch(1, Array(40).fill(1), 0).verdict).toBe('tie');
  });

  it('gives the gain over their mean with an interval around it', () => {
    const { gain, low, high, chance } = judgeSearch(5, [1, 2, 3, 2, 2, 1, 3, 2, 2], 1);
    expect(gain).toBeCloseTo(3, 12);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
    expect(chance).toBe(0.1);
  });
});
