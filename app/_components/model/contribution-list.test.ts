import { expect, test } from 'vitest';
import { listContributions } from './contribution-list.ts';

test('the largest come first, small and many ones in one line, and nothing of the sum is lost', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', null];
  const values = [0.1, -0.5, 0.2, 0.3, 0.001, -0.25, 0.15, 0.12, 0.4];
  const list = listContributions(names, values, new Float64Array(9).fill(0.01));
  expect(list.map(({ name }) => name)).toEqual(['b', 'd', 'f', 'c', 'g', 'h', 'all others']);
  expect(list[0]).toEqual({ name: 'b', value: -0.5, half: 0.0196 });
  expect(list.at(-1)).toMatchObject({ half: null, value: expect.closeTo(0.1 + 0.001 + 0.4, 12) });
});

test('columns that do nothing are not listed', () => {
  expect(listContributions(['a', 'b'], [0, 0], [0, 0])).toEqual([]);
  expect(listContributions(['a', 'b'], [0.2, 0], [0, 0])).toEqual([{ name: 'a', value: 0.2, half: 0 }]);
});
