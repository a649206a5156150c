/** Which training rows a short budget learns from, where it has no time for all of a long table. */
import { Random } from '../math/random.ts';

/** Any budget has time for so many rows. */
const LEAST_ROWS = 200_000;
/** Cells of the training table for each second of the budget: half a million rows of 20 columns in 150 seconds. */
const CELLS_PER_SECOND = 70_000;
/** Rows that a class keeps however rare it is. */
const ROWS_PER_CLASS = 100;

/** Training rows that a budget has time for. */
export const affordableRows = (columns: number, budgetSeconds: number): number =>
  Math.max(LEAST_ROWS, Math.floor((CELLS_PER_SECOND * budgetSeconds) / Math.max(columns, 1)));

/**
 * About `most` rows at random, ascending; of a class that would be left with few, up to a hundred come along.
 * @param classes index per row; null where the target is a number
 */
export function sampleTraining(
  rows: number,
  most: number,
  classes: ArrayLike<number> | null,
  seed: number,
): Int32Array {
  const order = new Random(seed).shuffle(Int32Array.from({ length: rows }, (_, i) => i));
  const chosen = order.slice(0, Math.min(most, rows));
  if (!classes) return chosen.sort();
  const counts = new Map<number, number>();
  const add = (row: number) => counts.set(classes[row]!, (counts.get(classes[row]!) ?? 0) + 1);
  chosen.forEach(add);
  const rare: number[] = [];
  for (const row of order.subarray(chosen.length)) {
    if ((counts.get(classes[row]!) ?? 0) >= ROWS_PER_CLASS) continue;
    add(row);
    rare.push(row);
  }
  return Int32Array.from([...chosen, ...rare]).sort();
}
