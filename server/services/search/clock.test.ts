import { expect, test } from 'vitest';
import { finishReserve } from './clock.ts';

test('finalising keeps a twentieth of the budget, more where scoring or building the file takes long', () => {
  expect(finishReserve(60)).toBe(3);
  expect(finishReserve(1000)).toBe(20);
  expect(finishReserve(60, { scoring: 4 })).toBeCloseTo(8.2);
  // What a table of ordinary width takes changes nothing.
  expect(finishReserve(60, { build: 0.6 })).toBe(3);
  expect(finishReserve(60, { build: 4 })).toBe(16);
});

test('the search keeps most of a budget, whatever finalising may take', () => {
  expect(finishReserve(20, { build: 30, scoring: 50 })).toBe(8);
});
