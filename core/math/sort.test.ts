import fc from 'fast-check';
import { expect, it } from 'vitest';
import { argsort, quantile, weightedQuantile } from './sort.ts';

it('sorts like the numbers, stably, with NaN last', () => {
  fc.assert(
    fc.property(fc.float32Array({ maxLength: 200 }), (keys) => {
      const order = Array.from(argsort(keys));
      const expected = Array.from(keys.keys()).sort((a, b) => {
        const [x, y] = [keys[a]!, keys[b]!];
        if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
        return x - y || a - b;
      });
      expect(order).toEqual(expected);
    }),
  );
});

it('interpolates quantiles', () => {
  expect(quantile([1, 2, 4], 0.75)).toBe(3);
  expect(quantile([1, 2, 4], 1)).toBe(4);
  expect(quantile([], 0.5)).toBeNaN();
});

it('weighs quantiles', () => {
  expect(weightedQuantile([3, 1, 2], [1, 1, 1], 0.5)).toBe(2);
  expect(weightedQuantile([3, 1, 2], [8, 1, 1], 0.5)).toBe(3);
  expect(weightedQuantile([3, 1, 2], [0.1, 0.1, 0.1], 1)).toBe(3);
  expect(weightedQuantile([], [], 0.5)).toBeNaN();
});
