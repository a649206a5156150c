/** Rows that are nearly the same: where copies of a row fall on both sides of a split, memory is taken for skill. */
import type { SplitQuestion } from '../contracts/splits.ts';
import { findTwins } from '../faults/near-duplicates.ts';
import { type CompareOptions, compareGroups } from './compare.ts';
import { type ProbeTask, readFeatures } from './probe-task.ts';

/** Fewer copies can hardly move a score. */
const LEAST_SHARE = 0.02;
/** A table of which more rows have a twin is made of a few values, and equal rows are observations of their own. */
const MOST_SHARE = 0.3;

/**
 * @param whole whether the task has all rows of the version, so that it is known which ones to leave out
 * @returns null where there are no copies worth a question
 */
export async function askCopies(
  task: ProbeTask,
  whole: boolean,
  options: Pick<CompareOptions, 'seed' | 'rest'>,
): Promise<SplitQuestion | null> {
  const features = readFeatures(task);
  const compared = readFeatures(task, new Set(task.identifiers));
  if (!features || !compared) return null;
  const groups = copyGroups(
    findTwins(compared, () => true, options.seed),
    task.table.rows,
  );
  const company = groups.reduce((sum, group) => sum + (group >= 0 ? 1 : 0), 0) / groups.length;
  if (company < LEAST_SHARE || company > MOST_SHARE) return null;
  const scores = await compareGroups(task, groups, { random: features, apart: features }, options);
  if (!scores) return null;
  const extra = whole ? Array.from(task.rows).filter((_, row) => groups[row]! >= 0 && groups[row] !== row) : [];
  return {
    about: 'copies',
    column: null,
    rows: task.table.rows,
    company,
    groups: new Set(groups.filter((group) => group >= 0)).size,
    ...scores,
    reads: 'both',
    split: null,
    drift: null,
    extra,
  };
}

/** Rows joined by twins, directly or over others, get the number of the first of them; all others -1. */
export function copyGroups(
  twins: readonly { readonly row: number; readonly other: number }[],
  rows: number,
): Int32Array {
  const parent = Int32Array.from({ length: rows }, (_, row) => row);
  const find = (row: number): number => {
    let at = row;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  const joined = new Uint8Array(rows);
  for (const { row, other } of twins) {
    const [a, b] = [find(row), find(other)];
    parent[Math.max(a, b)] = Math.min(a, b);
    joined[row] = 1;
    joined[other] = 1;
  }
  return Int32Array.from(joined, (is, row) => (is ? find(row) : -1));
}
