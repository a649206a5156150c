/** Eigenvalues and eigenvectors of symmetric matrices. */

const MOST_SWEEPS = 60;

/** Eigenvalues of a symmetric [n, n] matrix, row-major, in ascending order. */
export function symmetricEigenvalues(matrix: ArrayLike<number>, n: number): Float64Array {
  return symmetricEigen(matrix, n).values;
}

/**
 * Eigenvalues of a symmetric [n, n] matrix, row-major, in ascending order, with eigenvectors of length 1 in the rows of
 * an [n, n] matrix: cyclic rotations by Jacobi (1846).
 */
export function symmetricEigen(
  matrix: ArrayLike<number>,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i++) turned[i * n + i] = 1;
  const at = (i: number, j: number): number => a[i * n + j]!;
  const total = a.reduce((sum, v) => sum + v * v, 0);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let off = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += at(i, j) ** 2;
    if (off <= 1e-26 * total) break;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, turned, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => at(i, i) - at(j, j));
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(turned.subarray(from * n, from * n + n), to * n);
  });
  return { values: Float64Array.from(order, (i) => at(i, i)), vectors };
}

/** Turns the plane of axes `p` and `q` so that their product becomes 0, and the rows of `turned` with it. */
function rotate(a: Float64Array, turned: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[k * n + p]!, a[k * n + q]!];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (const rows of [a, turned]) {
    for (let k = 0; k < n; k++) {
      const [x, y] = [rows[p * n + k]!, rows[q * n + k]!];
      rows[p * n + k] = c * x - s * y;
      rows[q * n + k] = s * x + c * y;
    }
  }
}
