import { expect, test } from 'vitest';
import { addSizes, divideSizes, equalSizes, listable, multiplySizes, productOf, subtractSizes } from './size.ts';

test('sizes are computed with as far as the rows allow', () => {
  expect(addSizes('N', '2*N')).toBe('3*N');
  expect(addSizes(0, 'N')).toBe('N');
  expect(subtractSizes('3*N', 'N')).toBe('2*N');
  expect(subtractSizes('N', 'N')).toBe(0);
  expect(multiplySizes('2*N', 4)).toBe('8*N');
  expect(divideSizes('8*N', 4)).toBe('2*N');
  expect(divideSizes('8*N', '2*N')).toBe(4);
  expect(productOf([2, 'N', 3])).toBe('6*N');
  expect(equalSizes('N', -1)).toBe(false);
  expect(equalSizes('N', 'N')).toBe(true);
});

test('what depends on the number of rows is refused', () => {
  expect(() => addSizes('N', 1)).toThrow('A size of N plus 1 cannot be known before the rows are.');
  expect(() => multiplySizes('N', 'N')).toThrow('N times N');
  expect(() => divideSizes('3*N', 2)).toThrow('3*N over 2');
  expect(() => equalSizes('N', 4)).toThrow('N against 4');
  expect(() => listable(2 ** 30, 'A mask')).toThrow('A mask would be 1073741824 numbers');
});
