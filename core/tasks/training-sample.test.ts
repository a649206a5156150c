import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affordableRows, sampleTraining } from './training-sample.ts';

describe('the sample of a long table', () => {
  it('is all rows of all but the longest tables, and more with time', () => {
    expect(affordableRows(20, 60)).toBe(210_000);
    expect(affordableRows(20, 300)).toBeGreaterThan(1_000_000);
    expect(affordableRows(500, 15)).toBe(200_000);
  });

  it('holds different rows of the table in their order, the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.nat(),
        (rows, most, seed) => {
          const sample = sampleTraining(rows, most, null, seed);
          expect(sample).toHaveLength(Math.min(rows, most));
          expect([...sample]).toEqual([...new Set(sample)].sort((a, b) => a - b));
          expect(sample.every((row) => row >= 0 && row < rows)).toBe(true);
          expect(sampleTraining(rows, most, null, seed)).toEqual(sample);
        },
      ),
    );
  });

  it('keeps rare classes', () => {
    const classes = Int32Array.from({ length: 50_000 }, (_, i) => (i % 10_000 === 3 ? 2 : i % 400 === 1 ? 1 : 0));
    const sample = sampleTraining(50_000, 1000, classes, 4);
    const count = (c: number) => sample.filter((row) => classes[row] === c).length;
    expect([count(1), count(2)]).toEqual([100, 5]);
    expect(count(0)).toBeGreaterThan(950);
    expect(new Set(sample).size).toBe(sample.length);
  });
});
