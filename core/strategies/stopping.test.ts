import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { chanceOfBetter, hasSettled, trialsInVain } from './stopping.ts';

const of = (losses: readonly number[], halfWidth = 0.1) => losses.map((loss) => ({ loss, halfWidth }));

describe('the chance of something better', () => {
  it('is what draws in random order show', () => {
    const random = new Random(4);
    const runs = 4000;
    let better = 0;
    for (let run = 0; run < runs; run++) {
      const draws = Array.from({ length: 20 }, () => random.uniform());
      if (draws.indexOf(Math.min(...draws)) >= 15) better++;
    }
    expect(chanceOfBetter(15, 5)).toBe(0.25);
    expect(Math.abs(better / runs - 0.25)).toBeLessThan(0.02);
  });

  it('is none where nothing more fits', () => {
    expect([chanceOfBetter(0, 0), chanceOfBetter(9, 0), chanceOfBetter(0, 3)]).toEqual([0, 0, 1]);
  });
});

describe('trials in vain', () => {
  it('are those since the best improved by more than a tenth of its uncertainty', () => {
    expect(trialsInVain(of([]))).toBe(0);
    expect(trialsInVain(of([0.5, 0.4, 0.45, 0.6]))).toBe(2);
    // 0.001 less is no news at ± 0.1.
    expect(trialsInVain(of([0.5, 0.499, 0.498]))).toBe(2);
    expect(trialsInVain(of([0.5, 0.499, 0.498], 0.001))).toBe(0);
  });

  it('small steps that add up count', () => {
    expect(trialsInVain(of([0.5, 0.495, 0.489]))).toBe(0);
  });

  it('never settle a search that just improved, nor a short one', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }), (losses) => {
        expect(hasSettled(of([...losses, -1]))).toBe(false);
        if (losses.length < 16) expect(hasSettled(of(losses))).toBe(false);
      }),
    );
    expect(hasSettled(of([0.5, ...new Array(15).fill(0.6)]))).toBe(true);
  });
});
