/**
 * Histogram kernels. A histogram holds pairs (sum of gradients, sum of hessians) per bin as float64. Four columns
 * are filled in one loop: neighbouring rows often hit the same cell, and interleaving four histograms hides the
 * store-to-load stall that makes one column per loop twice as slow.
 * `offsets` count float64 cells; `gradients` and `hessians` are in the order of the rows visited.
 */

/** Adds rows `rows[start..start+count)` of all `columns` to `histogram`. */
export function addIndexedRows(
  columns: readonly Uint8Array[],
  offsets: Int32Array,
  rows: Int32Array,
  start: number,
  count: number,
  gradients: Float32Array,
  hessians: Float32Array,
  histogram: Float64Array,
): void {
  let f = 0;
  for (; f + 3 < columns.length; f += 4) {
    addFourIndexed(
      columns[f]!,
      columns[f + 1]!,
      columns[f + 2]!,
      columns[f + 3]!,
      offsets,
      f,
      rows,
      start,
      count,
      gradients,
      hessians,
      histogram,
    );
  }
  if (f + 1 < columns.length) {
    addTwoIndexed(
      columns[f]!,
      columns[f + 1]!,
      offsets[f]!,
      offsets[f + 1]!,
      rows,
      start,
      count,
      gradients,
      hessians,
      histogram,
    );
    f += 2;
  }
  if (f < columns.length) addOneIndexed(columns[f]!, offsets[f]!, rows, start, count, gradients, hessians, histogram);
}

function addFourIndexed(
  c0: Uint8Array,
  c1: Uint8Array,
  c2: Uint8Array,
  c3: Uint8Array,
  offsets: Int32Array,
  f: number,
  rows: Int32Array,
  start: number,
  count: number,
  gradients: Float32Array,
  hessians: Float32Array,
  histogram: Float64Array,
): void {
  const o0 = offsets[f]!;
  const o1 = offsets[f + 1]!;
  const o2 = offsets[f + 2]!;
  const o3 = offsets[f + 3]!;
  for (let i = 0; i < count; i++) {
    const r = rows[start + i]!;
    const g = gradients[i]!;
    const h = hessians[i]!;
    const a = (c0[r]! << 1) + o0;
    const b = (c1[r]! << 1) + o1;
    const c = (c2[r]! << 1) + o2;
    const d = (c3[r]! << 1) + o3;
    histogram[a]! += g;
    histogram[b]! += g;
    histogram[c]! += g;
    histogram[d]! += g;
    histogram[a + 1]! += h;
    histogram[b + 1]! += h;
    histogram[c + 1]! += h;
    histogram[d + 1]! += h;
  }
}

function addTwoIndexed(
  c0: Uint8Array,
  c1: Uint8Array,
  o0: number,
  o1: number,
  rows: Int32Array,
  start: number,
  count: number,
  gradients: Float32Array,
  hessians: Float32Array,
  histogram: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const r = rows[start + i]!;
    const g = gradients[i]!;
    const h = hessians[i]!;
    const a = (c0[r]! << 1) + o0;
    const b = (c1[r]! << 1) + o1;
    histogram[a]! += g;
    histogram[b]! += g;
    histogram[a + 1]! += h;
    histogram[b + 1]! += h;
  }
}

function addOneIndexed(
  column: Uint8Array,
  offset: number,
  rows: Int32Array,
  start: number,
  count: number,
  gradients: Float32Array,
  hessians: Float32Array,
  histogram: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const a = (column[rows[start + i]!]! << 1) + offset;
    histogram[a]! += gradients[i]!;
    histogram[a + 1]! += hessians[i]!;
  }
}

/** Adds rows 0..count of all `columns` in order: the root of a tree that uses every row. */
export function addAllRows(
  columns: readonly Uint8Array[],
  offsets: Int32Array,
  count: number,
  gradients: Float32Array,
  hessians: Float32Array,
  histogram: Float64Array,
): void {
  let f = 0;
  for (; f + 3 < columns.length; f += 4) {
    addFourInOrder(
      columns[f]!,
      columns[f + 1]!,
      columns[f + 2]!,
      columns[f + 3]!,
      offsets,
      f,
      count,
      gradients,
      hessians,
      histogram,
    );
  }
  for (; f < columns.length; f++) addOneInOrder(columns[f]!, offsets[f]!, count, gradients, hessians, histogram);
}

function addFourInOrder(
  c0: Uint8Array,
  c1: Uint8Array,
  c2: Uint8Array,
  c3: Uint8Array,
  offsets: Int32Array,
  f: number,
  count: number,
  gradients: Float32Array,
  hessians: Float32Array,
  histogram: Float64Array,
): void {
  const o0 = offsets[f]!;
  const o1 = offsets[f + 1]!;
  const o2 = offsets[f + 2]!;
  const o3 = offsets[f + 3]!;
  for (let r = 0; r < count; r++) {
    const g = gradients[r]!;
    const h = hessians[r]!;
    const a = (c0[r]! << 1) + o0;
    const b = (c1[r]! << 1) + o1;
    const c = (c2[r]! << 1) + o2;
    const d = (c3[r]! << 1) + o3;
    histogram[a]! += g;
    histogram[b]! += g;
    histogram[c]! += g;
    histogram[d]! += g;
    histogram[a + 1]! += h;
    histogram[b + 1]! += h;
    histogram[c + 1]! += h;
    histogram[d + 1]! += h;
  }
}

function addOneInOrder(
  column: Uint8Array,
  offset: number,
  count: number,
  gradients: Float32Array,
  hessians: Float32Array,
  histogram: Float64Array,
): void {
  for (let r = 0; r < count; r++) {
    const a = (column[r]! << 1) + offset;
    histogram[a]! += gradients[r]!;
    histogram[a + 1]! += hessians[r]!;
  }
}

/** parent -= child: turns the parent's histogram into that of the other child. */
export function subtractHistogram(parent: Float64Array, child: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) parent[i]! -= child[i]!;
}

/**
 * Adds rows to histograms of several outputs: cells (gradient 0, .., gradient K-1, weight) per bin.
 * @param gradients row-major [count, outputs] in the order of the rows visited
 */
export function addMultiRows(
  columns: readonly Uint8Array[],
  offsets: Int32Array,
  rows: Int32Array,
  start: number,
  count: number,
  gradients: Float32Array,
  weights: Float32Array,
  outputs: number,
  histogram: Float64Array,
): void {
  const stride = outputs + 1;
  for (let f = 0; f < columns.length; f++) {
    const column = columns[f]!;
    const offset = offsets[f]!;
    for (let i = 0; i < count; i++) {
      const at = offset + column[rows[start + i]!]! * stride;
      const from = i * outputs;
      for (let k = 0; k < outputs; k++) histogram[at + k]! += gradients[from + k]!;
      histogram[at + outputs]! += weights[i]!;
    }
  }
}
