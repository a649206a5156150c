import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { rowsLeftOut, sampleFeatures, sampleRows } from './sampling.ts';

test('rows drawn and rows left out are ascending and make up all rows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.double({ min: 0.1, max: 0.95, noNaN: true }), (n, fraction) => {
      const kept = sampleRows(n, fraction, new Random(n));
      if (!kept) return;
      const all = [...kept, ...rowsLeftOut(n, kept)];
      expect(all.sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
      expect(Array.from(kept)).toEqual([...kept].sort((a, b) => a - b));
    }),
  );
  expect(sampleRows(10, 1, new Random(1))).toBeUndefined();
  expect(sampleRows(100_000, 0.3, new Random(1))!.length / 100_000).toBeCloseTo(0.3, 2);
});

test('features: a share of many, at least four, all of few', () => {
  const features = Int32Array.from({ length: 40 }, (_, i) => 3 * i);
  const some = sampleFeatures(features, 0.25, new Random(2));
  expect(new Set(some).size).toBe(10);
  expect(Array.from(some)).toEqual([...some].sort((a, b) => a - b));
  expect(sampleFeatures(features, 0.01, new Random(2)).length).toBe(4);
  expect(sampleFeatures(features.subarray(0, 3), 0.1, new Random(2))).toEqual(features.subarray(0, 3));
});
