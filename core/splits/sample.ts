/** Which rows of a large table are looked at. */
import { Random } from '../math/random.ts';

/** `size` of the rows at random, all where there are no more, ascending. */
export function sampleRows(rows: number, size: number, seed: number): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return rows <= size ? all : new Random(seed).shuffle(all).slice(0, size).sort();
}

/** Groups that are looked at if there are so many: of large ones a part is enough. */
const LEAST_GROUPS = 50;

/**
 * Up to `size` rows of groups drawn at random, ascending: a plain sample would leave each row alone of its group.
 * @param groups a number for each row, -1 for none: those are left out
 */
export function sampleGroups(groups: Int32Array, size: number, seed: number): Int32Array {
  const random = new Random(seed);
  const members = new Map<number, number[]>();
  groups.forEach((group, row) => {
    if (group < 0) return;
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  });
  const most = Math.max(2, Math.floor(size / LEAST_GROUPS));
  const chosen: number[] = [];
  for (const rows of random.shuffle([...members.values()])) {
    const own = rows.length > most ? random.shuffle(rows).slice(0, most) : rows;
    if (chosen.length + own.length > size) break;
    chosen.push(...own);
  }
  return Int32Array.from(chosen).sort();
}
