/** Least squares of a few unknowns. */

const SWEEPS = 2000;

/** The x >= 0 that makes ||A x - b||² least, by coordinate descent. `a` holds the rows of A. */
export function nonNegativeLeastSquares(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = a[0]?.length ?? 0;
  const gram = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => a.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
  const right = Array.from({ length: n }, (_, i) => a.reduce((sum, row, r) => sum + row[i]! * b[r]!, 0));
  const x = new Array<number>(n).fill(0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let i = 0; i < n; i++) {
      if (!(gram[i]![i]! > 0)) continue;
      const others = gram[i]!.reduce((sum, g, j) => sum + (j === i ? 0 : g * x[j]!), 0);
      x[i] = Math.max(0, (right[i]! - others) / gram[i]![i]!);
    }
  }
  return x;
}
