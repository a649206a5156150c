/** Numbers that look wrong: out-of-fold residuals, measured in what is usual for such a row. */
import { quantile } from '../math/sort.ts';

export interface ValueSuspect {
  /** Index among the rows given. */
  readonly row: number;
  readonly given: number;
  /** Out-of-fold prediction. */
  readonly suggested: number;
  /** How many times the usual size the residual has. */
  readonly times: number;
}

/** Residuals so many times the usual one are suspected: one in a thousand where they are normally distributed. */
const SUSPECTED = 4.9;

/**
 * Rows whose residual is far beyond the usual, most suspicious first.
 * @param sizes what is usual for each row, in any unit; all equal where nothing is known
 */
export function rankValues(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  sizes: ArrayLike<number>,
): ValueSuspect[] {
  const ratios = Float64Array.from(
    { length: targets.length },
    (_, i) => Math.abs(targets[i]! - predictions[i]!) / sizes[i]!,
  );
  const usual = quantile(Float64Array.from(ratios).sort(), 0.5);
  if (!(usual > 0)) return [];
  const found: ValueSuspect[] = [];
  ratios.forEach((ratio, row) => {
    const times = ratio / usual;
    if (times >= SUSPECTED) found.push({ row, given: targets[row]!, suggested: predictions[row]!, times });
  });
  return found.sort((a, b) => b.times - a.times || a.row - b.row);
}
