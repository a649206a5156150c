import { expect, it } from 'vitest';
import { Random } from './random.ts';
import { compareMeans, type Sample, studentTail } from './welch.ts';

it('matches tabulated tails of Student’s distribution', () => {
  for (const [t, freedom, tail] of [
    [2.2281, 10, 0.025],
    [3.1693, 10, 0.005],
    [2.0423, 30, 0.025],
    [3.6594, 29, 0.0005],
    [1.96, 1e9, 0.025],
  ] as const)
    expect(Math.abs(studentTail(t, freedom) / tail - 1)).toBeLessThan(0.01);
  expect(studentTail(-2.2281, 10)).toBeCloseTo(0.975, 3);
  expect(studentTail(0, 5)).toBeCloseTo(0.5, 6);
});

const sampleOf = (values: readonly number[]): Sample => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return {
    rows: values.length,
    mean,
    variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  };
};

it('keeps its promises on samples of unequal spread', () => {
  const random = new Random(7);
  const draw = (rows: number, mean: number, deviation: number) =>
    sampleOf(Array.from({ length: rows }, () => mean + deviation * random.normal()));
  let [held, called] = [0, 0];
  const tries = 4000;
  for (let i = 0; i < tries; i++) {
    const shifted = compareMeans(draw(12, 2, 3), draw(60, 1, 1));
    if (shifted.low <= 1 && 1 <= shifted.high) held++;
    if (compareMeans(draw(12, 0, 3), draw(60, 0, 1)).p < 0.05) called++;
  }
  expect(Math.abs(held / tries - 0.95)).toBeLessThan(0.012);
  expect(Math.abs(called / tries - 0.05)).toBeLessThan(0.012);
});

it('knows samples that do not vary', () => {
  expect(compareMeans(sampleOf([2, 2, 2]), sampleOf([1, 1]))).toEqual({ value: 1, low: 1, high: 1, p: 0 });
  expect(compareMeans(sampleOf([1, 1]), sampleOf([1, 1])).p).toBe(1);
});
