import { expect, test } from 'vitest';
import { leafQuantile } from './quantile.ts';

test('quantiles lie between neighbours, and follow weights', () => {
  expect(leafQuantile(Float64Array.of(3, 1, 2), 0.5)).toBe(2);
  expect(leafQuantile(Float64Array.of(4, 1, 3, 2), 0.5)).toBe(2.5);
  expect(leafQuantile(Float64Array.of(7), 0.9)).toBe(7);
  expect(leafQuantile(Float64Array.of(10, 20, 30), 0.5, Float64Array.of(1, 1, 5))).toBe(30);
  expect(leafQuantile(Float64Array.of(30, 10, 20), 0.1, Float64Array.of(1, 1, 1))).toBe(10);
});
