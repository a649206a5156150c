import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nthSmallest } from './select.ts';

describe('selection', () => {
  it('finds what sorting would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1 }), fc.nat(), (values, at) => {
        const n = at % values.length;
        expect(nthSmallest(Float64Array.from(values), n)).toBe([...values].sort((a, b) => a - b)[n]);
      }),
    );
  });
});
