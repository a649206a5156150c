/**
 * Slices whose rows are predicted worse than all others: parts of one column and, of the columns that tell most, parts of
 * two (after Slice Finder, Chung and others 2019). Each is tested, and of all tests together at most one in twenty that
 * are called may be chance.
 */
import type { Slice } from '../contracts/insights.ts';
import { compareMeans, type MeanDifference, type Sample } from '../math/welch.ts';
import { falseDiscoveryRates } from '../metrics/false-discovery.ts';
import type { Cut } from './cuts.ts';

export interface SliceSearch {
  /** Error of each row: any numbers that are not negative, or 0 and 1 for right and wrong. */
  readonly errors: Float64Array;
  readonly binary: boolean;
  readonly cuts: readonly Cut[];
}

/** Fewer rows than this, in a slice or outside, say nothing. */
const LEAST_ROWS = 30;
const DISCOVERY_RATE = 0.05;
/** A slice is worth showing where its error is surely larger than elsewhere by this share of it. */
const LEAST_EFFECT = 0.1;
/** Columns that are paired with each other. */
const PAIRED = 6;
const MOST_SHOWN = 20;
/** Of two slices that share so many of their rows only the more costly one is shown. */
const SAME_ROWS = 0.7;

interface Sums {
  readonly rows: number;
  readonly sum: number;
  readonly squares: number;
}

/** Part of a column: the cut, and which of its parts. */
type Place = readonly [cut: Cut, part: number];

interface Tested {
  readonly places: readonly Place[];
  readonly sums: Sums;
  /** To all other rows. */
  readonly difference: MeanDifference;
  readonly p: number;
}

/** @returns the slices to show, the most costly first, and how many were tested */
export function findSlices(search: SliceSearch): { slices: Slice[]; tested: number } {
  const { errors, cuts } = search;
  const whole = sumUp(errors, 1, () => 0)[0]!;
  const singles = cuts.map((cut) => testParts(search, whole, cut));
  const strongest = cuts
    .map((_, c) => c)
    .filter((c) => singles[c]!.length > 0)
    .sort((a, b) => leastP(singles[a]!) - leastP(singles[b]!))
    .slice(0, PAIRED)
    .sort((a, b) => a - b);
  const pairs = strongest.flatMap((a, i) =>
    strongest.slice(i + 1).flatMap((b) => testPairs(search, whole, cuts[a]!, cuts[b]!)),
  );
  const tested = [...singles.flat(), ...pairs];
  const rates = falseDiscoveryRates(tested.map(({ p }) => p));
  const called = tested
    .filter((_, i) => rates[i]! <= DISCOVERY_RATE)
    .map((one) => ({ places: one.places, slice: sliceOf(one, whole) }))
    .filter(({ slice }) => slice.low > LEAST_EFFECT * slice.elsewhere)
    .sort((a, b) => b.slice.excess - a.slice.excess);
  const shown: typeof called = [];
  for (const candidate of called) {
    if (shown.length === MOST_SHOWN) break;
    if (!shown.some((one) => overlap(one.places, candidate.places, errors.length) > SAME_ROWS)) shown.push(candidate);
  }
  return { slices: shown.map(({ slice }) => slice), tested: tested.length };
}

const sumParts = (errors: Float64Array, { parts, of }: Cut): Sums[] => sumUp(errors, parts.length, (row) => of[row]!);

function testParts({ errors, binary }: SliceSearch, whole: Sums, cut: Cut): Tested[] {
  return sumParts(errors, cut).flatMap((sums, part) => testSlice([[cut, part]], sums, [without(whole, sums)], binary));
}

/** A pair must be worse than either of its parts too, or it would only repeat what that part says. */
function testPairs({ errors, binary }: SliceSearch, whole: Sums, a: Cut, b: Cut): Tested[] {
  const [ofA, ofB] = [sumParts(errors, a), sumParts(errors, b)];
  const width = ofB.length;
  const cells = sumUp(errors, ofA.length * width, (row) => {
    const [x, y] = [a.of[row]!, b.of[row]!];
    return x < 0 || y < 0 ? -1 : x * width + y;
  });
  return cells.flatMap((sums, cell) => {
    const [x, y] = [Math.floor(cell / width), cell % width];
    const others = [whole, ofA[x]!, ofB[y]!].map((all) => without(all, sums));
    const places: Place[] = [
      [a, x],
      [b, y],
    ];
    return testSlice(places, sums, others, binary);
  });
}

/** Whether a slice is worse than each of other sets of rows, the first of them all others; nothing where one is too small. */
function testSlice(places: readonly Place[], sums: Sums, others: readonly Sums[], binary: boolean): Tested[] {
  if ([sums, ...others].some(({ rows }) => rows < LEAST_ROWS)) return [];
  const sampleOf = binary ? shareSample : meanSample;
  const differences = others.map((rest) => compareMeans(sampleOf(sums), sampleOf(rest)));
  return [{ places, sums, difference: differences[0]!, p: Math.max(...differences.map(({ p }) => p)) }];
}

function sliceOf({ places, sums, difference: { low, high } }: Tested, whole: Sums): Slice {
  const rest = without(whole, sums);
  const [error, elsewhere] = [sums.sum / sums.rows, rest.sum / rest.rows];
  return {
    terms: places.map(([{ column, parts }, part]) => ({ column, part: parts[part]! })),
    rows: sums.rows,
    error,
    elsewhere,
    low,
    high,
    excess: ((error - elsewhere) * sums.rows) / whole.sum,
  };
}

const leastP = (tested: readonly Tested[]): number => Math.min(...tested.map(({ p }) => p));

function sumUp(errors: Float64Array, groups: number, groupOf: (row: number) => number): Sums[] {
  const found = Array.from({ length: groups }, () => ({ rows: 0, sum: 0, squares: 0 }));
  errors.forEach((error, row) => {
    const group = found[groupOf(row)];
    if (!group) return;
    group.rows++;
    group.sum += error;
    group.squares += error ** 2;
  });
  return found;
}

const without = (all: Sums, some: Sums): Sums => ({
  rows: all.rows - some.rows,
  sum: all.sum - some.sum,
  squares: all.squares - some.squares,
});

function meanSample({ rows, sum, squares }: Sums): Sample {
  const mean = sum / rows;
  return { rows, mean, variance: Math.max(0, squares - rows * mean ** 2) / (rows - 1) };
}

/** With one imagined row of either kind in each sample, which makes a test of means hold for shares (Agresti and Caffo 2000). */
function shareSample({ rows, sum }: Sums): Sample {
  const count = rows + 2;
  const mean = (sum + 1) / count;
  return { rows: count, mean, variance: (mean * (1 - mean) * count) / (count - 1) };
}

/** Rows that are in both slices, as a share of those in either. */
function overlap(a: readonly Place[], b: readonly Place[], rows: number): number {
  const inside = (places: readonly Place[], row: number) => places.every(([cut, part]) => cut.of[row] === part);
  let [both, either] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const [x, y] = [inside(a, row), inside(b, row)];
    if (x && y) both++;
    if (x || y) either++;
  }
  return both / either;
}
