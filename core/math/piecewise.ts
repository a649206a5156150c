/** Functions of one number that are linear between knots and constant outside them. JSON. */
export interface Piecewise {
  /** Knots, strictly ascending; at least one. */
  readonly x: readonly number[];
  /** Values at the knots. */
  readonly y: readonly number[];
}

/** A function that is the same everywhere. */
export const constantPiecewise = (y: number): Piecewise => ({ x: [0], y: [y] });

/** The function's value; NaN for NaN. */
export function evaluatePiecewise({ x, y }: Piecewise, at: number): number {
  if (Number.isNaN(at)) return Number.NaN;
  let value = y[0]!;
  for (let k = 0; k + 1 < x.length && at > x[k]!; k++) {
    value += Math.min((at - x[k]!) / (x[k + 1]! - x[k]!), 1) * (y[k + 1]! - y[k]!);
  }
  return value;
}
