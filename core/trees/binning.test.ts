import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binColumn, findThresholds, thresholdBetween } from './binning.ts';

const float = fc.float({ noNaN: true });
const column = fc
  .array(fc.oneof(fc.float(), fc.constantFrom(0, -0, Infinity, -Infinity, 3.4028234663852886e38, 1e-45, 1, 2)), {
    minLength: 1,
    maxLength: 400,
  })
  .map((values) => Float32Array.from(values));

test('a threshold between neighbours is a float32 number that parts them', () => {
  fc.assert(
    fc.property(float, float, (x, y) => {
      fc.pre(x !== y);
      const [a, b] = x < y ? [x, y] : [y, x];
      const t = thresholdBetween(a, b);
      expect(t).toBe(Math.fround(t));
      expect(a <= t && t < b).toBe(true);
    }),
  );
});

test('bins follow the thresholds, and the thresholds alone decide', () => {
  fc.assert(
    fc.property(column, fc.integer({ min: 2, max: 255 }), (values, bins) => {
      const thresholds = findThresholds(values, undefined, bins, 1);
      expect(thresholds.length).toBeLessThan(bins);
      for (let i = 1; i < thresholds.length; i++) expect(thresholds[i]! > thresholds[i - 1]!).toBe(true);
      binColumn(values, thresholds).forEach((bin, i) => {
        const value = values[i]!;
        if (Number.isNaN(value)) expect(bin).toBe(thresholds.length + 1);
        else thresholds.forEach((t, b) => void expect(value <= t).toBe(bin <= b));
      });
    }),
  );
});

test('gives every distinct value its bin when there are few, and heavy values their own when there are many', () => {
  expect(Array.from(findThresholds(Float32Array.of(1, 1, 1, 2, 2, 2, 5, 5, 5), undefined, 255))).toEqual([1.5, 3.5]);
  const values = Float32Array.from({ length: 3000 }, (_, i) => (i < 1500 ? 7 : i / 100));
  const thresholds = findThresholds(values, undefined, 16);
  const bins = binColumn(values, thresholds);
  const ofSeven = new Set(
    Array.from(values.keys())
      .filter((i) => bins[i] === bins[0])
      .map((i) => values[i]),
  );
  expect([...ofSeven]).toEqual([7]);
  const counts = new Map<number, number>();
  for (const bin of bins.subarray(1500)) counts.set(bin, (counts.get(bin) ?? 0) + 1);
  expect(Math.max(...counts.values())).toBeLessThan(250);
});
