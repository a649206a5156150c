/** Selection without sorting. */

/** The value that has `n` smaller or equal ones before it when sorted (Hoare 1961); reorders `values`. */
export function nthSmallest(values: Float64Array, n: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const pivot = medianOf(values[low]!, values[middle]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const t = values[i]!;
      values[i++] = values[j]!;
      values[j--] = t;
    }
    if (n <= j) high = j;
    else if (n >= i) low = i;
    else break;
  }
  return values[n]!;
}

function medianOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** The `count` of `from` whose `values` are smallest, in the order of `from`; of equal values the earlier ones. */
export function indicesOfSmallest(values: ArrayLike<number>, from: ArrayLike<number>, count: number): number[] {
  if (from.length <= count) return Array.from(from);
  if (count <= 0) return [];
  const copy = new Float64Array(from.length);
  for (let k = 0; k < from.length; k++) copy[k] = values[from[k]!]!;
  const limit = nthSmallest(copy, count - 1);
  let ties = count;
  for (let k = 0; k < from.length; k++) if (values[from[k]!]! < limit) ties--;
  const picked: number[] = [];
  for (let k = 0; k < from.length; k++) {
    const value = values[from[k]!]!;
    if (value < limit || (value === limit && ties-- > 0)) picked.push(from[k]!);
  }
  return picked;
}
