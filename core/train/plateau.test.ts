import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { learnedStop } from './learned-stop.ts';
import { observePlateau, startOfPlateau } from './plateau.ts';

const after = (losses: readonly number[], options = {}) =>
  losses.reduce((state, loss) => observePlateau(state, loss, options), startOfPlateau);

test('a rate falls after the patience, by its factor, and not below the lowest', () => {
  const options = { factor: 0.1, patience: 2, threshold: 0.01, lowest: 0.05 };
  expect(after([1, 0.9, 0.8, 0.7], options).scale).toBe(1);
  expect(after([1, 1, 1], options).scale).toBe(1);
  expect(after([1, 1, 1, 1], options).scale).toBeCloseTo(0.1, 12);
  // Less than a hundredth better is no improvement.
  expect(after([1, 0.995, 0.994, 0.993], options).scale).toBeCloseTo(0.1, 12);
  expect(after([1, 1, 1, 0.5, 0.6, 0.6], options).scale).toBe(1);
  expect(after(Array(20).fill(1), options).scale).toBe(0.05);
  expect(after([Number.NaN, Number.NaN, Number.NaN], options).scale).toBeCloseTo(0.1, 12);
});

test('a learned stop is where the order of the runs is that of the end', () => {
  const random = new Random(1);
  // Runs are in their final order from point 6 on; before, in any.
  const curves = Array.from({ length: 12 }, (_, run) =>
    Array.from({ length: 10 }, (_, t) => (t < 6 ? random.uniform() : run + 0.1 * random.uniform())),
  );
  expect(learnedStop(curves)).toBe(6);
  expect(learnedStop(curves.slice(0, 5))).toBe(9);
  const diverged = curves.map((c, run) => (run === 11 ? c.map((v, t) => (t > 4 ? Number.NaN : v)) : c));
  expect(learnedStop(diverged)).toBe(6);
  expect(learnedStop(curves.map((c) => c.map((_, t) => c[9]! + t)))).toBe(0);
});
