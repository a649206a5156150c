/** Strata and groups for splitting: classes or bins of the target, exact duplicates, columns that name groups. */
import type { Features } from '../contracts/learner.ts';
import { argsort } from '../math/sort.ts';
import { asStrings, type TableColumn } from '../prep/table.ts';
import type { TargetPlan } from './target.ts';

/** Class indices, or up to 10 bins of equal counts of a numeric target. */
export function strataOf(plan: TargetPlan, values: Float64Array): Int32Array {
  if (plan.problem !== 'regression') return Int32Array.from(values);
  const order = argsort(Float32Array.from(values));
  const bins = Math.max(1, Math.min(10, Math.floor(values.length / 20)));
  const strata = new Int32Array(values.length);
  order.forEach((row, rank) => {
    strata[row] = Math.floor((rank * bins) / order.length);
  });
  return strata;
}

/** One number per distinct value of a column; missing is -1, a group of its own row. */
export function groupsOf(column: TableColumn): Int32Array {
  return asStrings(column).codes.slice();
}

/**
 * Groups of rows that are equal in every feature and in the target, -1 for single rows. Copies on both sides of a split
 * would be answered from memory. Undefined when there are none, and when over 30 % of the rows are copies: then the
 * table is made of a few discrete values and equal rows are independent observations.
 */
export function duplicateGroups(features: Features, target: Float64Array): Int32Array | undefined {
  const { rows, numeric, codes } = features;
  const bits = new Int32Array(numeric.buffer, numeric.byteOffset, numeric.length);
  const words = new Int32Array(target.buffer, target.byteOffset, 2 * rows);
  const widths = [numeric.length / Math.max(rows, 1), codes.length / Math.max(rows, 1)] as const;
  if (widths[0] + widths[1] === 0) return undefined;
  const hash = new Int32Array(rows);
  const mix = (row: number, value: number) => {
    const h = Math.imul(hash[row]! ^ value, 0x85ebca6b);
    hash[row] = (h << 13) | (h >>> 19);
  };
  for (let j = 0; j < widths[0]; j++) for (let i = 0; i < rows; i++) mix(i, bits[j * rows + i]!);
  for (let j = 0; j < widths[1]; j++) for (let i = 0; i < rows; i++) mix(i, codes[j * rows + i]!);
  for (let i = 0; i < rows; i++) {
    mix(i, words[2 * i]!);
    mix(i, words[2 * i + 1]!);
  }
  const same = (a: number, b: number) => {
    if (target[a] !== target[b]) return false;
    for (let j = 0; j < widths[0]; j++) if (bits[j * rows + a] !== bits[j * rows + b]) return false;
    for (let j = 0; j < widths[1]; j++) if (codes[j * rows + a] !== codes[j * rows + b]) return false;
    return true;
  };
  const firsts = new Map<number, number[]>();
  const groups = new Int32Array(rows).fill(-1);
  let copies = 0;
  for (let i = 0; i < rows; i++) {
    const list = firsts.get(hash[i]!);
    const twin = list?.find((row) => same(row, i));
    if (twin !== undefined) {
      groups[twin] = twin;
      groups[i] = twin;
      copies++;
    } else if (list) list.push(i);
    else firsts.set(hash[i]!, [i]);
  }
  return copies === 0 || copies > 0.3 * rows ? undefined : groups;
}
