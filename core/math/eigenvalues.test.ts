import { expect, test } from 'vitest';
import { symmetricEigen, symmetricEigenvalues } from './eigenvalues.ts';
import { Random } from './random.ts';

test('eigenvalues of small matrices are those on paper', () => {
  const [low, high] = symmetricEigenvalues([2, 1, 1, 2], 2);
  expect(low).toBeCloseTo(1, 12);
  expect(high).toBeCloseTo(3, 12);
  expect([...symmetricEigenvalues([5, 0, 0, 0, -1, 0, 0, 0, 2], 3)]).toEqual([-1, 2, 5]);
  // The path of n points: 2 - 2 cos(i·pi/(n + 1)).
  const n = 12;
  const path = Array.from({ length: n * n }, (_, i) => [2, -1][Math.abs(Math.floor(i / n) - (i % n))] ?? 0);
  symmetricEigenvalues(path, n).forEach((value, i) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((i + 1) * Math.PI) / (n + 1)), 10);
  });
});

test('their sum is the trace and the sum of their squares that of all entries', () => {
  const random = new Random(1);
  const n = 30;
  const half = Array.from({ length: n * n }, () => random.normal());
  const matrix = half.map((v, i) => v + half[(i % n) * n + Math.floor(i / n)]!);
  const values = symmetricEigenvalues(matrix, n);
  const sum = (x: Iterable<number>) => Array.from(x).reduce((a, b) => a + b, 0);
  expect(sum(values)).toBeCloseTo(sum(matrix.filter((_, i) => i % (n + 1) === 0)), 8);
  expect(sum(values.map((v) => v * v))).toBeCloseTo(sum(matrix.map((v) => v * v)), 6);
});

test('a matrix times an eigenvector is that vector times its eigenvalue, and they stand at right angles', () => {
  const random = new Random(2);
  const n = 9;
  const half = Array.from({ length: n * n }, () => random.normal());
  const matrix = half.map((v, i) => v + half[(i % n) * n + Math.floor(i / n)]!);
  const { values, vectors } = symmetricEigen(matrix, n);
  const row = (k: number) => Array.from(vectors.subarray(k * n, k * n + n));
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++)
      expect(dot(matrix.slice(i * n, i * n + n), row(k))).toBeCloseTo(values[k]! * row(k)[i]!, 9);
    for (let j = 0; j <= k; j++) expect(dot(row(k), row(j))).toBeCloseTo(j === k ? 1 : 0, 10);
  }
});
