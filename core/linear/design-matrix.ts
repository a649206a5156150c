/** The dense part of a linear model's inputs for some rows, column-major and standardised. */
import type { Features } from '../contracts/learner.ts';
import { type Ramps, ramp } from './ramps.ts';

export interface DesignMatrix {
  readonly rows: number;
  readonly width: number;
  /** [width, rows] */
  readonly values: Float32Array;
}

/**
 * Columns: per numeric column either its normal score (`spline` false) or each of its ramps, then the indicators of
 * missing values. Not yet standardised.
 */
export function designMatrix(features: Features, ramps: Ramps, rows: Int32Array, spline: boolean): DesignMatrix {
  const n = rows.length;
  const dense = spline ? ramps.column.length : ramps.columns;
  const width = dense + ramps.flagged.length;
  const values = new Float32Array(width * n);
  const source = (j: number) => features.numeric.subarray(j * features.rows, (j + 1) * features.rows);
  for (let r = 0; r < ramps.column.length; r++) {
    const j = ramps.column[r]!;
    const from = source(j);
    const to = spline ? r : ramps.place[j]!;
    const out = values.subarray(to * n, (to + 1) * n);
    const scale = spline ? 1 : ramps.rise[r]!;
    const fill = ramps.fill[j]!;
    for (let i = 0; i < n; i++) {
      const x = from[rows[i]!]!;
      out[i]! += scale * ramp(ramps, r, Number.isNaN(x) ? fill : x);
    }
  }
  ramps.flagged.forEach((j, f) => {
    const from = source(j);
    const out = values.subarray((dense + f) * n, (dense + f + 1) * n);
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(from[rows[i]!]!) ? 1 : 0;
  });
  return { rows: n, width, values };
}

export interface Standard {
  readonly mean: Float64Array;
  /** 1 / deviation; 0 for constant columns. */
  readonly inverse: Float64Array;
}

/** Subtracts each column's mean and divides by its deviation, in place; with `standard` given, by that one's. */
export function standardise(matrix: DesignMatrix, standard?: Standard): Standard {
  const { rows, width, values } = matrix;
  const mean = standard?.mean ?? new Float64Array(width);
  const inverse = standard?.inverse ?? new Float64Array(width);
  for (let j = 0; j < width; j++) {
    const column = values.subarray(j * rows, (j + 1) * rows);
    if (!standard) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += column[i]!;
      mean[j] = sum / rows;
      let square = 0;
      for (let i = 0; i < rows; i++) square += (column[i]! - mean[j]!) ** 2;
      const deviation = Math.sqrt(square / rows);
      inverse[j] = deviation > 1e-6 ? 1 / deviation : 0;
    }
    const m = mean[j]!;
    const s = inverse[j]!;
    for (let i = 0; i < rows; i++) column[i] = (column[i]! - m) * s;
  }
  return { mean, inverse };
}
