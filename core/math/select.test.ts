import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indicesOfSmallest, nthSmallest } from './select.ts';

describe('selection', () => {
  it('finds what sorting would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1 }), fc.nat(), (values, at) => {
        const n = at % values.length;
        expect(nthSmallest(Float64Array.from(values), n)).toBe([...values].sort((a, b) => a - b)[n]);
      }),
    );
  });

  it('finds the places of the smallest, of equal ones the earlier', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.nat({ max: 30 }), (values, count) => {
        const places = [...values.keys()].filter((i) => i % 3 > 0);
        const wanted = places.toSorted((a, b) => values[a]! - values[b]! || a - b).slice(0, count);
        expect(indicesOfSmallest(values, places, count)).toEqual(wanted.sort((a, b) => a - b));
      }),
    );
  });
});
