/** The same rows scored twice: where rows were dealt at random, and where some were kept apart. */
import type { Features } from '../contracts/learner.ts';
import type { SplitQuestion } from '../contracts/splits.ts';
import { Random } from '../math/random.ts';
import type { Evaluator } from '../metrics/types.ts';
import { dealFolds, type Fold } from '../tasks/folds.ts';
import { probeFolds } from './probe.ts';
import type { ProbeTask } from './probe-task.ts';
import { gapBetween, matters, meanScore, scoreOf } from './score.ts';

/** Folds of each way to split, and how often rows are dealt anew: a lucky deal must not look like a gap. */
export const FOLDS = 3;
const REPEATS = 2;

export interface Way {
  readonly features: Features;
  readonly folds: (seed: number) => readonly Fold[];
}

export type Comparison = Pick<SplitQuestion, 'random' | 'apart' | 'gap' | 'matters'>;

export interface CompareOptions {
  readonly seed: number;
  /** Rows that both ways validate, ascending. */
  readonly judged: Int32Array;
  /** By row of the task: see `gapBetween`. */
  readonly clusters?: Int32Array;
  readonly rest: () => Promise<void>;
}

/** @returns null where the rows cannot be scored, as those of one class */
export async function compareWays(
  { target, metric }: Pick<ProbeTask, 'target' | 'metric'>,
  random: Way,
  apart: Way,
  { seed, judged, clusters, rest }: CompareOptions,
): Promise<Comparison | null> {
  const score = async (way: Way): Promise<Evaluator> => {
    const evaluators: Evaluator[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const folds = way.folds(seed + 101 * repeat);
      const predictions = await probeFolds(way.features, target, folds, seed + repeat, rest);
      evaluators.push(scoreOf({ target, metric, folds, predictions }, judged));
    }
    return meanScore(evaluators);
  };
  const [a, b] = [await score(random), await score(apart)];
  const gap = gapBetween(a, b, judged.length, seed, clusters && Int32Array.from(judged, (row) => clusters[row]!));
  if (!Number.isFinite(gap.value)) return null;
  return { random: a(), apart: b(), gap, matters: matters(gap) };
}

/**
 * Groups against groups of the same sizes whose members were drawn at random: sizes alone make folds uneven, and that
 * must not count as a gap.
 * @param groups a number for each row; -1 stands alone
 */
export function compareGroups(
  task: ProbeTask,
  groups: Int32Array,
  features: { readonly random: Features; readonly apart: Features },
  options: Pick<CompareOptions, 'seed' | 'rest'>,
): Promise<Comparison | null> {
  const { strata } = task;
  return compareWays(
    task,
    {
      features: features.random,
      folds: (seed) => dealFolds({ strata, groups: new Random(seed).shuffle(groups.slice()), seed }, FOLDS),
    },
    { features: features.apart, folds: (seed) => dealFolds({ strata, groups, seed }, FOLDS) },
    { ...options, judged: Int32Array.from(strata.keys()), clusters: groups },
  );
}
