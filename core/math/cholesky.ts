/** Cholesky's factor of symmetric positive definite matrices, and what it solves. */

/** In place: the lower triangle of `a` [n, n] becomes the factor. False where the matrix is not positive definite. */
export function cholesky(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    const row = j * n;
    let own = a[row + j]!;
    for (let k = 0; k < j; k++) own -= a[row + k]! ** 2;
    if (!(own > 0)) return false;
    const root = Math.sqrt(own);
    a[row + j] = root;
    let i = j + 1;
    // Four rows at a time: the additions of one row wait for each other.
    for (; i + 3 < n; i += 4) {
      const [p, q, r, s] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
      let [w, x, y, z] = [a[p + j]!, a[q + j]!, a[r + j]!, a[s + j]!];
      for (let k = 0; k < j; k++) {
        const factor = a[row + k]!;
        w -= a[p + k]! * factor;
        x -= a[q + k]! * factor;
        y -= a[r + k]! * factor;
        z -= a[s + k]! * factor;
      }
      a[p + j] = w / root;
      a[q + j] = x / root;
      a[r + j] = y / root;
      a[s + j] = z / root;
    }
    for (; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[row + k]!;
      a[i * n + j] = sum / root;
    }
  }
  return true;
}

/** Solves L x = b in place of `b` for the factor L. */
export function forward(factor: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * b[k]!;
    b[i] = sum / factor[i * n + i]!;
  }
  return b;
}

/** `forward` for each of `rows` [count, n], in place. */
export function forwardRows(factor: Float64Array, n: number, rows: Float64Array, count: number): void {
  let first = 0;
  // Four rows at a time, as above.
  for (; first + 3 < count; first += 4) {
    const [p, q, r, s] = [first * n, (first + 1) * n, (first + 2) * n, (first + 3) * n];
    for (let i = 0; i < n; i++) {
      let [w, x, y, z] = [rows[p + i]!, rows[q + i]!, rows[r + i]!, rows[s + i]!];
      for (let k = 0; k < i; k++) {
        const f = factor[i * n + k]!;
        w -= f * rows[p + k]!;
        x -= f * rows[q + k]!;
        y -= f * rows[r + k]!;
        z -= f * rows[s + k]!;
      }
      const root = factor[i * n + i]!;
      rows[p + i] = w / root;
      rows[q + i] = x / root;
      rows[r + i] = y / root;
      rows[s + i] = z / root;
    }
  }
  for (; first < count; first++) forward(factor, n, rows.subarray(first * n, (first + 1) * n));
}

/** Solves L' x = b in place of `b` for the factor L. */
export function backward(factor: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i]! * b[k]!;
    b[i] = sum / factor[i * n + i]!;
  }
  return b;
}
