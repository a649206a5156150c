import fc from 'fast-check';
import { expect, it } from 'vitest';
import { falseDiscoveryRates } from './false-discovery.ts';

it('equals the rates by hand', () => {
  const rates = falseDiscoveryRates([0.01, 0.9, 0.02, 0.04, 0.5]);
  for (const [i, rate] of [0.05, 0.9, 0.05, 0.04 * (5 / 3), 0.625].entries()) expect(rates[i]).toBeCloseTo(rate, 12);
  expect(falseDiscoveryRates([])).toEqual([]);
});

it('calls what the step-up rule calls', () => {
  const chance = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(chance, { minLength: 1, maxLength: 40 }), chance, (p, level) => {
      const sorted = [...p].sort((a, b) => a - b);
      const last = sorted.findLastIndex((value, k) => (value * p.length) / (k + 1) <= level);
      const called = falseDiscoveryRates(p).filter((rate) => rate <= level).length;
      // Equal values are called together.
      const expected = last < 0 ? 0 : sorted.filter((value) => value <= sorted[last]!).length;
      expect(called).toBe(expected);
    }),
  );
});
