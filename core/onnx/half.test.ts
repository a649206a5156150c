import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from './half.ts';

test('every binary16 survives, and known values are what they should be', () => {
  const wrong: number[] = [];
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfToFloat(bits);
    const back = floatToHalf(value);
    if (Number.isNaN(value) ? !Number.isNaN(halfToFloat(back)) : back !== bits) wrong.push(bits);
  }
  expect(wrong).toEqual([]);
  expect(halfToFloat(0x3555)).toBeCloseTo(1 / 3, 3);
  expect(halfToFloat(0x7bff)).toBe(65504);
  expect(floatToHalf(65520)).toBe(0x7c00);
  expect(floatToHalf(2 ** -24)).toBe(1);
  expect(floatToHalf(2 ** -25)).toBe(0);
  expect(floatToHalf(2 ** -25 * 1.001)).toBe(1);
});

test('floats go to the nearest binary16 and bfloat16', () => {
  const value = fc.float({ noNaN: true, min: -60000, max: 60000 });
  fc.assert(
    fc.property(value, (v) => {
      const half = halfToFloat(floatToHalf(v));
      expect(Math.abs(half - v)).toBeLessThanOrEqual(Math.max(Math.abs(v) * 2 ** -11, 2 ** -25));
      const bfloat = bfloatToFloat(floatToBfloat(v));
      expect(Math.abs(bfloat - v)).toBeLessThanOrEqual(Math.max(Math.abs(v) * 2 ** -8, 1e-38));
    }),
  );
  expect(floatToBfloat(1)).toBe(0x3f80);
  expect(bfloatToFloat(0xff80)).toBe(Number.NEGATIVE_INFINITY);
});
