import { expect, test } from 'vitest';
import { bindShape, factorsOf, multipleOf } from './shape.ts';

test('multiples of a named size bind with it', () => {
  expect(multipleOf(4, 'N')).toBe('4*N');
  expect(multipleOf(1, 'N')).toBe('N');
  expect(multipleOf(4, '')).toBe(4);
  expect(factorsOf('4*N')).toEqual({ times: 4, name: 'N' });
  expect(factorsOf('N')).toEqual({ times: 1, name: 'N' });
  expect(factorsOf(7)).toEqual({ times: 7, name: '' });
  expect(bindShape(['K', '4*N', 'N', 3], { N: 5 })).toEqual(['K', 20, 5, 3]);
});
