import { expect, it } from 'vitest';
import { normalQuantile, normalTail } from './normal.ts';

it('matches tabulated quantiles', () => {
  expect(normalQuantile(0.5)).toBeCloseTo(0, 9);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 7);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 7);
});

it('matches tabulated tails, far out too, and undoes the quantiles', () => {
  for (const [z, tail] of [
    [0, 0.5],
    [1.959963984540054, 0.025],
    [6, 9.865876450376946e-10],
    [10, 7.619853024160489e-24],
    [-3, 0.9986501019683699],
  ] as const)
    expect(normalTail(z) / tail).toBeCloseTo(1, 6);
  for (const p of [1e-6, 0.01, 0.3, 0.8]) expect(normalTail(normalQuantile(p))).toBeCloseTo(1 - p, 6);
});
