/**
 * How alike the options of a decision are, learned from a bank: options whose exchange changes little on other tasks are
 * near, and options that help the same tasks share an effect. Where the bank says little, the space's order decides.
 */
import type { DesignRows } from './design-kernel.ts';
import { closedLast, type Encoding, similarityTables } from './encoding.ts';

export interface OptionTables {
  /** Levels of the widest column and one for closed decisions. */
  readonly size: number;
  /** What the space alone says, from 0 to 1, [columns, size, size]. */
  readonly alike: Float32Array;
  /** Distances learned from the bank, [columns, size, size]; null without one. */
  readonly distances: Float32Array | null;
  /** Covariance of main effects over the bank's tasks, [columns, size, size], mean diagonals summing to 1. */
  readonly effects: Float32Array | null;
}

/** Observations that the space's own distance is worth against measured exchanges, and a mean against 0. */
const PRIOR_EXCHANGES = 8;
const PRIOR_ROWS = 5;
/** Measured exchanges that are looked at, in all. */
const MOST_EXCHANGES = 2e7;

/** Tables of a space, with what `known` (designs of a bank with scores) teaches. */
export function optionTablesOf(encoding: Encoding, known: DesignRows | null): OptionTables {
  const { size, tables: alike } = similarityTables(encoding);
  if (!known || known.tasks === 0 || known.count < 4) return { size, alike, distances: null, effects: null };
  const columns = encoding.columns.length;
  const levels = closedLast(known.codes, size);
  const distances = new Float32Array(columns * size * size);
  const effects = new Float32Array(columns * size * size);
  let total = 0;
  for (let d = 0; d < columns; d++) {
    const means = mainEffects(known, levels, columns, d, size);
    const measured = exchanges(known, levels, columns, d, size);
    const at = d * size * size;
    let trace = 0;
    for (let a = 0; a < size; a++) trace += covariance(means, a, a, known.tasks) / size;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        const pair = a * size + b;
        effects[at + pair] = covariance(means, a, b, known.tasks) + (a === b ? 0.3 * trace : 0);
        if (a === b) continue;
        const expected = 0.25 * (1 - alike[at + pair]!) + 3 * squaredDistance(means, a, b, known.tasks);
        const count = measured.counts[pair]!;
        distances[at + pair] = (measured.sums[pair]! + PRIOR_EXCHANGES * expected) / (count + PRIOR_EXCHANGES);
      }
    }
    total += 1.3 * trace;
  }
  if (total > 0) for (let i = 0; i < effects.length; i++) effects[i]! /= total;
  return { size, alike, distances, effects };
}

/** Shrunken means of scores by level and task, less their mean over levels, [size, tasks]. */
function mainEffects(rows: DesignRows, levels: Uint8Array, columns: number, d: number, size: number): Float64Array {
  const { tasks } = rows;
  const sums = new Float64Array(size * tasks);
  const counts = new Float64Array(size * tasks);
  for (let i = 0; i < rows.count; i++) {
    const level = levels[i * columns + d]!;
    for (let t = 0; t < tasks; t++) {
      const score = rows.bank[i * tasks + t]!;
      if (score === 0) continue;
      sums[level * tasks + t]! += score;
      counts[level * tasks + t]!++;
    }
  }
  for (let i = 0; i < sums.length; i++) sums[i]! /= counts[i]! + PRIOR_ROWS;
  for (let t = 0; t < tasks; t++) {
    let mean = 0;
    let used = 0;
    for (let l = 0; l < size; l++) {
      if (counts[l * tasks + t] === 0) continue;
      mean += sums[l * tasks + t]!;
      used++;
    }
    for (let l = 0; l < size; l++) if (counts[l * tasks + t]! > 0) sums[l * tasks + t]! -= mean / used;
  }
  return sums;
}

function covariance(means: Float64Array, a: number, b: number, tasks: number): number {
  let sum = 0;
  for (let t = 0; t < tasks; t++) sum += means[a * tasks + t]! * means[b * tasks + t]!;
  return sum / tasks;
}

function squaredDistance(means: Float64Array, a: number, b: number, tasks: number): number {
  let sum = 0;
  for (let t = 0; t < tasks; t++) sum += (means[a * tasks + t]! - means[b * tasks + t]!) ** 2;
  return sum / tasks;
}

/** Squared changes of score between designs that differ in decision `d` alone, summed by pair of levels. */
function exchanges(rows: DesignRows, levels: Uint8Array, columns: number, d: number, size: number) {
  const sums = new Float64Array(size * size);
  const counts = new Float64Array(size * size);
  const groups = new Map<number, number[]>();
  for (let i = 0; i < rows.count; i++) {
    const key = hashWithout(levels, i * columns, columns, d);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  let pairs = 0;
  for (const group of groups.values()) pairs += group.length * (group.length - 1);
  const step = Math.max(1, Math.ceil((pairs * rows.tasks) / MOST_EXCHANGES));
  for (const group of groups.values()) {
    for (const i of group) {
      for (const j of group) {
        if (j >= i) continue;
        const [a, b] = [levels[i * columns + d]!, levels[j * columns + d]!];
        for (let t = (i + j) % step; t < rows.tasks; t += step) {
          const [x, y] = [rows.bank[i * rows.tasks + t]!, rows.bank[j * rows.tasks + t]!];
          if (x === 0 || y === 0) continue;
          for (const pair of [a * size + b, b * size + a]) {
            sums[pair]! += (x - y) ** 2;
            counts[pair]!++;
          }
        }
      }
    }
  }
  return { sums, counts };
}

/** 53 bits of a row's codes but one (FNV-1a twice). */
function hashWithout(levels: Uint8Array, start: number, columns: number, without: number): number {
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (let d = 0; d < columns; d++) {
    if (d === without) continue;
    a = Math.imul(a ^ levels[start + d]!, 0x01000193);
    b = Math.imul(b ^ levels[start + d]!, 0x01000195);
  }
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) >>> 11);
}
