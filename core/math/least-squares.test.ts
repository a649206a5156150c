import { expect, test } from 'vitest';
import { nonNegativeLeastSquares } from './least-squares.ts';

test('finds what made the numbers, and 0 where less would fit better', () => {
  const a = [
    [1, 2],
    [1, 3],
    [1, 5],
  ];
  const at = (x: readonly number[]) => a.map((row) => row.reduce((sum, v, i) => sum + v * x[i]!, 0));
  nonNegativeLeastSquares(a, at([0.5, 2])).forEach((value, i) => {
    expect(value).toBeCloseTo([0.5, 2][i]!, 9);
  });
  // With a negative start forbidden, the slope alone: sum of x y over sum of x².
  const [start, slope] = nonNegativeLeastSquares(a, at([-1, 2]));
  expect(start).toBe(0);
  expect(slope).toBeCloseTo((2 * 3 + 3 * 5 + 5 * 9) / (4 + 9 + 25), 9);
});
