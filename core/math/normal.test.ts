import { expect, it } from 'vitest';
import { normalQuantile } from './normal.ts';

it('matches tabulated quantiles', () => {
  expect(normalQuantile(0.5)).toBeCloseTo(0, 9);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 7);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 7);
});
