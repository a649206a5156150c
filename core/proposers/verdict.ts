/** Was the search worth it: test scores of its leading designs against test scores of random designs of the same space. */

import { Random } from '../math/random.ts';
import { ranksOf } from '../math/ranks.ts';

export interface SearchVerdict {
  /** Mean of the leading designs less that of the random ones, and the 95 % interval of its bootstrap. */
  readonly gain: number;
  readonly low: number;
  readonly high: number;
  /** Chance that as many designs picked at random would stand as high among them. */
  readonly chance: number;
  readonly verdict: 'better' | 'tie' | 'worse';
}

/** Designs of a search, best by validation, whose test scores a verdict reads: one alone is too much a matter of luck. */
export const LEADING = 5;
/** A verdict needs less than this chance of being luck. */
const LUCK = 0.05;
const RESAMPLES = 400;

/**
 * Ranks the leading designs among random ones (Wilcoxon's rank sum, 1945, by its exact distribution). It assumes nothing
 * about how scores are spread: were the leading designs picked at random too, each choice of places among all would be
 * as likely, so that they are called better with chance 5 % at most.
 * @param leading test scores of the search's best designs by validation, larger is better, read once
 * @param random test scores of designs drawn at random, none of them chosen for its score
 */
export function verdictOf(
  leading: readonly number[],
  random: readonly number[],
): Pick<SearchVerdict, 'chance' | 'verdict'> {
  // Doubled, for ties share the mean of their ranks.
  const places = ranksOf([...leading, ...random]).map((rank) => 2 * rank);
  const sum = (of: Float64Array) => of.reduce((a, b) => a + b, 0);
  const reached = sum(places.subarray(0, leading.length));
  const most = 2 * leading.length * (places.length + 1);
  const above = chanceOfSum(places, leading.length, reached);
  const below = chanceOfSum(
    places.map((place) => 2 * (places.length + 1) - place),
    leading.length,
    most - reached,
  );
  return { chance: above, verdict: above <= LUCK ? 'better' : below <= LUCK ? 'worse' : 'tie' };
}

/** Share of the ways to take `count` of the whole numbers `places` whose sum is `least` or more. */
function chanceOfSum(places: Float64Array, count: number, least: number): number {
  const total = places.reduce((a, b) => a + b, 0);
  // ways[k][s]: ways to take k of the numbers so far with the sum s.
  const ways = Array.from({ length: count + 1 }, () => new Float64Array(total + 1));
  ways[0]![0] = 1;
  for (const place of places)
    for (let k = count; k > 0; k--) for (let s = total; s >= place; s--) ways[k]![s]! += ways[k - 1]![s - place]!;
  const taken = ways[count]!;
  const all = taken.reduce((a, b) => a + b, 0);
  return taken.subarray(least).reduce((a, b) => a + b, 0) / all;
}

/** The verdict with the gain behind it. */
export function judgeSearch(leading: readonly number[], random: readonly number[], seed: number): SearchVerdict {
  const draws = new Random(seed);
  const mean = (scores: readonly number[]) => scores.reduce((a, b) => a + b, 0) / Math.max(1, scores.length);
  const redrawn = (scores: readonly number[]) => mean(scores.map(() => scores[draws.integer(scores.length)]!));
  const gains = Float64Array.from({ length: RESAMPLES }, () => redrawn(leading) - redrawn(random)).sort();
  return {
    gain: mean(leading) - mean(random),
    low: gains[Math.floor(0.025 * RESAMPLES)]!,
    high: gains[Math.ceil(0.975 * RESAMPLES) - 1]!,
    ...verdictOf(leading, random),
  };
}
