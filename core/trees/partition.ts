/** Splits a segment of a row list by a bin test, keeping the order inside both halves. */

/**
 * Moves the rows of `rows[start..start+count)` whose bin has `goesLeft[bin] === 1` to the front, stably.
 * @param scratch at least `count` long
 * @returns number of rows that went left
 */
export function partitionRows(
  rows: Int32Array,
  start: number,
  count: number,
  column: Uint8Array,
  goesLeft: Uint8Array,
  scratch: Int32Array,
): number {
  let left = start;
  let right = 0;
  const end = start + count;
  // Both places are written and one cursor moves: no branch that the processor would mispredict half of the time.
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    const step = goesLeft[column[row]!]!;
    rows[left] = row;
    scratch[right] = row;
    left += step;
    right += 1 - step;
  }
  for (let i = 0; i < right; i++) rows[left + i] = scratch[i]!;
  return left - start;
}
