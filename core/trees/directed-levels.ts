/**
 * Oblivious trees whose score may only rise, or only fall, along some features: a leaf that a test would part in the
 * wrong order counts as not parted when the test is scored, and leaf values that still lie in the wrong order are pooled
 * afterwards, as CatBoost (Prokhorenkova and others 2018) does.
 */
import type { LevelScores } from './oblivious-scan.ts';

/**
 * As `addOrderedLeaf`, for a feature with a direction. Values of leaves are minus sums of gradients over weights.
 * @param direction 1 where the right side must not be lower than the left one, -1 where it must not be higher
 */
export function addDirectedLeaf(
  histogram: Float64Array,
  offset: number,
  bins: number,
  hasMissing: boolean,
  direction: number,
  gradient: number,
  weight: number,
  l2: number,
  scores: LevelScores,
): void {
  const whole = gradient / (weight + l2);
  const missing = offset + 2 * bins;
  const sides: (readonly [Float64Array, Float64Array, number, number])[] = [[scores.up, scores.down, 0, 0]];
  if (hasMissing)
    sides.push([scores.upMissingLeft, scores.downMissingLeft, histogram[missing]!, histogram[missing + 1]!]);
  for (const [up, down, startG, startW] of sides) {
    let [leftG, leftW] = [startG, startW];
    for (let b = 0; b < bins; b++) {
      leftG += histogram[offset + 2 * b]!;
      leftW += histogram[offset + 2 * b + 1]!;
      const [rightG, rightW] = [gradient - leftG, weight - leftW];
      let a = leftG / (leftW + l2);
      let c = rightG / (rightW + l2);
      if (direction * (a - c) < 0) {
        a = whole;
        c = whole;
      }
      up[b]! += a * leftG + c * rightG;
      down[b]! += a * a * leftW + c * c * rightW;
    }
  }
}

/** Rounds of pooling; what they leave, which is next to nothing, is cut off. */
const SWEEPS = 50;

/**
 * Changes leaf values so that they are in order at every test of a feature with a direction.
 * @param values of 2^levels leaves; bit d of a leaf's index is 1 where test d sends it right
 * @param weights of the leaves, above 0: pooled leaves get their weighted mean
 * @param directions of the tests' features, 0 for none
 */
export function orderLeaves(values: Float64Array, weights: Float64Array, directions: readonly number[]): void {
  const pairs = directions.flatMap((direction, level) => {
    const bit = 1 << level;
    const left = Array.from(values.keys()).filter((leaf) => (leaf & bit) === 0);
    if (direction === 0) return [];
    return left.map((leaf) => (direction > 0 ? ([leaf, leaf | bit] as const) : ([leaf | bit, leaf] as const)));
  });
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let pooled = false;
    for (const [under, over] of pairs) {
      if (values[under]! <= values[over]!) continue;
      const [a, b] = [weights[under]!, weights[over]!];
      const mean = (a * values[under]! + b * values[over]!) / (a + b);
      values[under] = mean;
      values[over] = mean;
      pooled = true;
    }
    if (!pooled) return;
  }
  // Level by level, each leaf takes the largest value of those that it must not be below.
  for (const [under, over] of pairs) values[over] = Math.max(values[over]!, values[under]!);
}
