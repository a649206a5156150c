/**
 * How alike the members of a group are, beyond chance: the mean over all pairs of one group of the product of their
 * standardised values, which is the intraclass correlation by pairs (Fisher 1925). Where groups say nothing it is 0 in
 * the mean, with variance 2 / pairs at most.
 */
import { argsort } from '../math/sort.ts';
import type { TableColumn } from '../prep/table.ts';

/** Rows by group: numbers from 0, -1 for rows without one. */
export interface Groups {
  readonly of: Int32Array;
  readonly count: number;
}

export interface Cohesion {
  /** 1: members are the same, 0: they are like any two rows. */
  readonly strength: number;
  /** How many deviations of chance that is above 0. */
  readonly deviations: number;
}

/** Commonest values of a column of strings that count; the others are one. */
const MOST_VALUES = 12;

/** Standardised values, whose squares add up to 1 for a row in the mean: one array for numbers, by rank, one a value for strings. */
export function componentsOf(column: TableColumn): Float64Array[] {
  return column.kind === 'number' ? [standardRanks(column.values)] : standardIndicators(column.codes);
}

/** Missing values get 0, the mean. */
function standardRanks(values: Float64Array): Float64Array {
  const order = argsort(Float32Array.from(values));
  const known = order.findLastIndex((row) => !Number.isNaN(values[row]!)) + 1;
  const ranks = new Float64Array(values.length);
  let square = 0;
  for (let start = 0; start < known; ) {
    let end = start + 1;
    while (end < known && Math.fround(values[order[end]!]!) === Math.fround(values[order[start]!]!)) end++;
    const rank = (start + end - 1) / 2 - (known - 1) / 2;
    for (let i = start; i < end; i++) ranks[order[i]!] = rank;
    square += (end - start) * rank * rank;
    start = end;
  }
  const scale = square > 0 ? Math.sqrt(values.length / square) : 0;
  return ranks.map((rank) => rank * scale);
}

function standardIndicators(codes: Int32Array): Float64Array[] {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_VALUES - 1);
  const shares = common.map(([, count]) => count / codes.length);
  const rest = 1 - shares.reduce((a, b) => a + b, 0);
  const variance = [...shares, rest].reduce((sum, p) => sum + p * (1 - p), 0);
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  const known = new Set(common.map(([code]) => code));
  const made = common.map(([value], k) =>
    Float64Array.from(codes, (code) => ((code === value ? 1 : 0) - shares[k]!) * scale),
  );
  return [...made, Float64Array.from(codes, (code) => ((known.has(code) ? 0 : 1) - rest) * scale)];
}

interface Sums {
  readonly sizes: Float64Array;
  /** By component, then by group. */
  readonly sums: readonly Float64Array[];
  readonly squares: number;
}

function sumUp(components: readonly Float64Array[], { of, count }: Groups): Sums {
  const sizes = new Float64Array(count);
  for (const group of of) if (group >= 0) sizes[group]!++;
  let squares = 0;
  const sums = components.map((values) => {
    const own = new Float64Array(count);
    of.forEach((group, row) => {
      if (group < 0) return;
      own[group]! += values[row]!;
      squares += values[row]! ** 2;
    });
    return own;
  });
  return { sizes, sums, squares };
}

export function cohesionOf(components: readonly Float64Array[], groups: Groups): Cohesion {
  const { sizes, sums, squares } = sumUp(components, groups);
  const pairs = sizes.reduce((sum, n) => sum + n * (n - 1), 0);
  if (pairs === 0) return { strength: 0, deviations: 0 };
  const products = sums.reduce((sum, own) => sum + own.reduce((a, s) => a + s * s, 0), 0) - squares;
  const strength = products / pairs;
  return { strength, deviations: strength * Math.sqrt(pairs / 2) };
}

/** The same for pairs of neighbouring groups: near `cohesionOf` where the order of the groups means something. */
export function neighbourCohesion(components: readonly Float64Array[], groups: Groups): number {
  const { sizes, sums } = sumUp(components, groups);
  let [products, pairs] = [0, 0];
  for (let g = 1; g < groups.count; g++) {
    pairs += sizes[g]! * sizes[g - 1]!;
    for (const own of sums) products += own[g]! * own[g - 1]!;
  }
  return pairs > 0 ? products / pairs : 0;
}
