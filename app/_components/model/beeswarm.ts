/** Places points of one row beside each other where they would lie on top of one another. */

/** Columns of points across the whole range. */
const places = 90;
/** Distance of neighbours, and the most that a point may be off, both in rows. */
const step = 0.075;
const most = 0.4;

/**
 * How far each point is off the middle of its row, in rows.
 * @param low the left end of what is drawn, below `high`
 */
export function swarmOffsets(values: readonly number[], low: number, high: number): number[] {
  const taken = new Map<number, number>();
  return values.map((value) => {
    const place = Math.round((places * (value - low)) / (high - low));
    const nth = taken.get(place) ?? 0;
    taken.set(place, nth + 1);
    // Middle, above, below, further above: dense places grow to both sides, and at last fill their row again.
    const side = nth % 2 === 0 ? 1 : -1;
    return side * ((Math.ceil(nth / 2) * step) % (most + step / 2));
  });
}

/** Place of each number among all, 0 the smallest and 1 the largest; null for what is no number. */
export function levelsOf(cells: readonly (string | number | null)[]): (number | null)[] {
  const known = cells.filter((cell) => typeof cell === 'number').sort((a, b) => a - b);
  const last = known.length - 1;
  return cells.map((cell) => (typeof cell === 'number' && last > 0 ? known.indexOf(cell) / last : null));
}
