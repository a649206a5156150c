/** How far predictions of a size are off: mean absolute residual as a function of the predicted value. */
import { constantPiecewise, type Piecewise } from '../math/piecewise.ts';
import { argsort } from '../math/sort.ts';

const ROWS_PER_KNOT = 50;
const MOST_KNOTS = 10;
/** So many rows of average size are added to each knot, so that few rows do not bend the curve. */
const SHRINKAGE = 10;
/** No spread is below this share of the average: intervals must not vanish where some rows happened to fit. */
const LEAST_SHARE = 0.05;

/** Knots at the means of equally many rows each, from the smallest predictions to the largest. */
export function fitSpread(predictions: Float32Array, residuals: Float64Array): Piecewise {
  const rows = predictions.length;
  let sum = 0;
  for (const r of residuals) sum += Math.abs(r);
  const mean = sum / Math.max(rows, 1);
  if (!(mean > 0)) return constantPiecewise(1);
  const knots = Math.min(MOST_KNOTS, Math.floor(rows / ROWS_PER_KNOT));
  if (knots < 2) return constantPiecewise(mean);
  const order = argsort(predictions);
  const x: number[] = [];
  const y: number[] = [];
  for (let k = 0; k < knots; k++) {
    const inside = order.subarray(Math.round((k * rows) / knots), Math.round(((k + 1) * rows) / knots));
    let at = 0;
    let off = 0;
    for (const row of inside) {
      at += predictions[row]! / inside.length;
      off += Math.abs(residuals[row]!);
    }
    const value = Math.max((off + SHRINKAGE * mean) / (inside.length + SHRINKAGE), LEAST_SHARE * mean);
    // Knots that lie together would make a cliff.
    if (x.length > 0 && at - x.at(-1)! < 1e-3) continue;
    x.push(at);
    y.push(value);
  }
  return { x, y };
}
