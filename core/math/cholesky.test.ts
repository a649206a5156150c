import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cholesky, forward, forwardRows } from './cholesky.ts';
import { Random } from './random.ts';

/** M M' + I, positive definite, [n, n]. */
function definite(n: number, random: Random): Float64Array {
  const m = Float64Array.from({ length: n * n }, () => random.normal());
  return m.map((_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) sum += m[i * n + k]! * m[j * n + k]!;
    return sum;
  });
}

describe('the factor of Cholesky', () => {
  it('times itself is the matrix, whatever its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), fc.nat(), (n, seed) => {
        const matrix = definite(n, new Random(seed));
        const factor = matrix.slice();
        expect(cholesky(factor, n)).toBe(true);
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) {
            let sum = 0;
            for (let k = 0; k <= j; k++) sum += factor[i * n + k]! * factor[j * n + k]!;
            expect(sum).toBeCloseTo(matrix[i * n + j]!, 8);
          }
      }),
    );
  });

  it('solves many rows as it solves each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 11 }), fc.nat(), (n, count, seed) => {
        const random = new Random(seed);
        const factor = definite(n, random);
        cholesky(factor, n);
        const rows = Float64Array.from({ length: count * n }, () => random.normal());
        const each = Array.from({ length: count }, (_, i) => [
          ...forward(factor, n, rows.slice(i * n, (i + 1) * n)),
        ]).flat();
        forwardRows(factor, n, rows, count);
        expect([...rows]).toEqual(each);
      }),
    );
  });

  it('is missing where the matrix is not positive definite', () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(cholesky(Float64Array.of(Number.NaN), 1)).toBe(false);
  });
});
