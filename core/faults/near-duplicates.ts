/**
 * Rows that are nearly the same. Found by the sorted-neighbourhood method (Hernández and Stolfo 1995) along a few random
 * projections: near copies have nearly the same projection.
 */
import type { Features } from '../contracts/learner.ts';
import { Random } from '../math/random.ts';
import { argsort } from '../math/sort.ts';

export interface Twin {
  readonly row: number;
  /** The nearest row that counts as its twin. */
  readonly other: number;
  /** Mean difference of their cells: numbers in deviations, categories 0 or 1. */
  readonly distance: number;
}

const PROJECTIONS = 3;
/** How many neighbours in each order are compared. */
const WINDOW = 4;
/** Mean difference up to which rows count as nearly the same. */
const NEAR = 0.01;
/** Where more rows than this share have a near twin, rows simply lie close together: then only copies count. */
const CROWDED = 0.1;

/**
 * For each row with a twin the nearest one, ascending by row.
 * @param counts whether two rows that are nearly the same count, as twins whose targets contradict each other do
 */
export function findTwins(features: Features, counts: (a: number, b: number) => boolean, seed: number): Twin[] {
  const { rows } = features;
  const numeric = standardise(features);
  const columns = features.numericNames.length;
  const groups = features.cardinalities.length;
  if (columns + groups === 0) return [];
  const distance = (a: number, b: number): number => {
    let sum = 0;
    const most = NEAR * (columns + groups);
    for (let g = 0; g < groups; g++) {
      if (features.codes[g * rows + a] !== features.codes[g * rows + b]) sum++;
      if (sum > most) return Number.POSITIVE_INFINITY;
    }
    for (let j = 0; j < columns; j++) {
      sum += Math.abs(numeric[j * rows + a]! - numeric[j * rows + b]!);
      if (sum > most) return Number.POSITIVE_INFINITY;
    }
    return sum / (columns + groups);
  };
  const nearest = new Map<number, Twin>();
  const offer = (row: number, other: number, far: number) => {
    const before = nearest.get(row);
    if (!before || far < before.distance) nearest.set(row, { row, other, distance: far });
  };
  const random = new Random(seed);
  for (let p = 0; p < PROJECTIONS; p++) {
    const order = argsort(project(features, numeric, columns, random));
    for (let i = 0; i < rows; i++) {
      for (let w = 1; w <= WINDOW && i + w < rows; w++) {
        const [a, b] = [order[i]!, order[i + w]!];
        if (!counts(a, b)) continue;
        const far = distance(a, b);
        if (far > NEAR) continue;
        offer(a, b, far);
        offer(b, a, far);
      }
    }
  }
  const twins = [...nearest.values()].sort((a, b) => a.row - b.row);
  return twins.length > CROWDED * rows ? twins.filter((twin) => twin.distance === 0) : twins;
}

/** Numbers in deviations of their column, missing at 3: what is missing in both is the same. */
function standardise({ rows, numericNames, numeric: raw }: Features): Float32Array {
  const numeric = new Float32Array(raw.length);
  numericNames.forEach((_, j) => {
    let [count, sum, squares] = [0, 0, 0];
    for (let i = j * rows; i < (j + 1) * rows; i++) {
      const value = raw[i]!;
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      squares += value * value;
    }
    const mean = sum / Math.max(count, 1);
    const deviation = Math.sqrt(Math.max(squares / Math.max(count, 1) - mean * mean, 0)) || 1;
    for (let i = j * rows; i < (j + 1) * rows; i++) {
      const value = raw[i]!;
      numeric[i] = Number.isNaN(value) ? 3 : (value - mean) / deviation;
    }
  });
  return numeric;
}

function project(features: Features, numeric: Float32Array, columns: number, random: Random): Float32Array {
  const { rows, codes, cardinalities } = features;
  const sums = new Float32Array(rows);
  for (let j = 0; j < columns; j++) {
    const weight = random.normal();
    for (let i = 0; i < rows; i++) sums[i]! += weight * numeric[j * rows + i]!;
  }
  cardinalities.forEach((cardinality, g) => {
    const weights = Float32Array.from({ length: cardinality }, () => random.normal());
    for (let i = 0; i < rows; i++) sums[i]! += weights[codes[g * rows + i]!]!;
  });
  return sums;
}
