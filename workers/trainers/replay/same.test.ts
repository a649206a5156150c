import { expect, test } from 'vitest';
import { firstDifference } from './same.ts';

test('the order of keys and what JSON cannot say make no difference', () => {
  expect(firstDifference({ a: 1, b: [2, { c: 'x' }] }, { b: [2, { c: 'x' }], a: 1 })).toBeNull();
  expect(firstDifference({ a: undefined, b: Number.NaN }, { b: null })).toBeNull();
  expect(firstDifference(-0, 0)).toBeNull();
});

test('names the first place, with both values', () => {
  expect(firstDifference({ a: { b: [1, 2] } }, { a: { b: [1, 3] } })).toEqual({ path: 'a.b.1', a: '2', b: '3' });
  expect(firstDifference({ a: [1] }, { a: [1, 'more'] })).toEqual({ path: 'a.1', a: 'null', b: '"more"' });
  expect(firstDifference({ a: {} }, { a: [] })).toEqual({ path: 'a', a: '{}', b: '[]' });
  expect(firstDifference(0.1 + 0.2, 0.3)).toMatchObject({ path: '' });
  expect(firstDifference('x'.repeat(500), 'y')?.a).toHaveLength(120);
});
