/** Was the search worth it: the test score of its choice against test scores of random designs of the same space. */
import { Random } from '../math/random.ts';

export interface SearchVerdict {
  /** Score of the choice less the mean of the random designs, and the 95 % interval of that mean's bootstrap. */
  readonly gain: number;
  readonly low: number;
  readonly high: number;
  /** Chance that a design picked at random would stand as high among them. */
  readonly chance: number;
  readonly verdict: 'better' | 'tie' | 'worse';
}

/** A verdict needs less than this chance of being luck: below 10 %, so that counts over few searches stay there too. */
const LUCK = 0.085;
const RESAMPLES = 400;

/**
 * Ranks the choice among random designs, which makes no assumption about how scores are spread: a design picked at
 * random is one of n + 1 that could each stand anywhere, so it is called better with chance 8.5 % at most. Eleven random
 * designs are the fewest that allow a verdict.
 * @param score test score of the choice, larger is better, read once
 * @param random test scores of designs drawn at random, none of them chosen for its score
 */
export function verdictOf(score: number, random: readonly number[]): Pick<SearchVerdict, 'chance' | 'verdict'> {
  const n = random.length;
  // Ties count against the verdict.
  const above = (1 + random.filter((other) => other >= score).length) / (n + 1);
  const below = (1 + random.filter((other) => other <= score).length) / (n + 1);
  return { chance: above, verdict: above <= LUCK ? 'better' : below <= LUCK ? 'worse' : 'tie' };
}

/** The verdict with the gain behind it. */
export function judgeSearch(score: number, random: readonly number[], seed: number): SearchVerdict {
  const n = random.length;
  const mean = random.reduce((a, b) => a + b, 0) / Math.max(1, n);
  const draws = new Random(seed);
  const gains = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += random[draws.integer(n)]!;
    return score - sum / Math.max(1, n);
  }).sort();
  return {
    gain: score - mean,
    low: gains[Math.floor(0.025 * RESAMPLES)]!,
    high: gains[Math.ceil(0.975 * RESAMPLES) - 1]!,
    ...verdictOf(score, random),
  };
}
