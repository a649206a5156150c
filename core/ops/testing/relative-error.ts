/** How far two sets of named numbers are apart. */

/** |a - b| / |b| in the Euclidean norm over all of `b`; |a| where b is 0. */
export function relativeError(a: Readonly<Record<string, number[]>>, b: Readonly<Record<string, number[]>>): number {
  let off = 0;
  let norm = 0;
  for (const [name, values] of Object.entries(b)) {
    values.forEach((v, i) => {
      off += (a[name]![i]! - v) ** 2;
      norm += v ** 2;
    });
  }
  return norm === 0 ? Math.sqrt(off) : Math.sqrt(off / norm);
}
