import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Features } from '../contracts/learner.ts';
import { designMatrix } from './design-matrix.ts';
import { fitRamps, ramp } from './ramps.ts';

const features = (values: readonly number[]): Features => ({
  rows: values.length,
  numericNames: ['x'],
  numeric: Float32Array.from(values),
  categoricalNames: [],
  cardinalities: [],
  codes: new Int32Array(0),
});

test('ramps of any float32 column, down to the smallest numbers and up to the largest, are finite', () => {
  const columns = [
    [1e-45, 3e-45, 5e-40, -2e-40, 0, -0, 1e-39],
    [-3.4e38, 3.4e38, 0, 1e38],
    [5, 5, 5, Number.NaN],
  ];
  for (const values of columns) {
    for (const spline of [true, false]) {
      const table = features(values);
      const matrix = designMatrix(table, fitRamps(table, 32), Int32Array.from(values.keys()), spline);
      expect([...matrix.values].every(Number.isFinite)).toBe(true);
    }
  }
});

test('every ramp rises from 0 to 1 and stays there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 60 }),
      (values) => {
        const ramps = fitRamps(features(values), 8);
        const sorted = Float32Array.from(values).sort();
        for (let r = 0; r < ramps.column.length; r++) {
          let before = 0;
          for (const x of sorted) {
            const y = ramp(ramps, r, x);
            expect(y).toBeGreaterThanOrEqual(before);
            before = y;
          }
          expect(ramp(ramps, r, sorted[0]!)).toBeLessThanOrEqual(1e-6);
          expect(before).toBeGreaterThan(0.999);
        }
      },
    ),
  );
});
