/** Shortens a design until it fits a time limit: faster learning rates, fewer epochs, fewer folds; never half a bag. */
import type { Design } from '../spaces/space.ts';
import { type Corrections, expectedSeconds, leastOfPath } from './cost.ts';
import type { SearchSetup } from './strategy.ts';

/** Below this many epochs a network is not worth its time. */
const LEAST_EPOCHS = 15;
/** Rounds that boosting at its fastest rate needs, and where each costs as much as the classes are many. */
const LEAST_ROUNDS = 70;
const LEAST_SHARED_ROUNDS = 30;

export interface Fitted {
  readonly design: Design;
  readonly seconds: number;
}

/** The design, shortened if it must be, with its expected seconds; null when it cannot be made to fit. */
export function fitToTime(design: Design, limit: number, setup: SearchSetup, corrections: Corrections): Fitted | null {
  const cost = (d: Design) => expectedSeconds(d, setup, corrections);
  const seconds = cost(design);
  if (seconds <= limit) return { design, seconds };
  if (design.learner === 'boosting' || design.learner === 'forest') {
    // Trees raise their own rate, or stop growing, when time runs short: the least that is worth its time must fit.
    const rounds = design.sharedTrees === true ? LEAST_SHARED_ROUNDS : LEAST_ROUNDS;
    const least: Design = design.learner === 'forest' ? { trees: 30 } : { rounds };
    const possible = mergings(design, setup).filter((d) => cost({ ...d, ...least }) <= limit);
    // A rate raised threefold costs about as much accuracy as half the folds do, sixfold as a quarter of them.
    const merged = possible.find((d) => cost(d) <= (d.mergeBy === 1 ? 3 : 6) * limit) ?? possible.at(-1);
    return merged ? { design: merged, seconds: Math.min(cost(merged), limit) } : null;
  }
  if (design.learner === 'mlp') {
    for (const merged of mergings(design, setup)) {
      const epochs = typeof design.epochs === 'number' ? design.epochs : 256;
      const room = (limit * 0.9) / cost(merged);
      const fewer = { ...merged, epochs: Math.max(LEAST_EPOCHS, Math.floor(epochs * Math.min(1, room))) };
      // Fewer folds before fewer than 60 epochs.
      const enough = fewer.epochs >= Math.min(epochs, 60) || setup.folds < 4 * Number(merged.mergeBy);
      if (enough && cost(fewer) <= limit) return { design: fewer, seconds: cost(fewer) };
    }
    return null;
  }
  if (design.learner !== 'linear') return null;
  // Linear models walk a path of penalties and stop on it when time is up.
  const merged = mergings(design, setup).find((d) => leastOfPath(setup) * cost(d) <= limit);
  return merged ? { design: merged, seconds: limit } : null;
}

/** The design on as few folds as it can be. */
export const onFewestFolds = (design: Design, setup: SearchSetup): Design => mergings(design, setup).at(-1)!;

/** The design on all folds, on half and on a quarter of them, as far as two remain. */
function mergings(design: Design, setup: SearchSetup): Design[] {
  return [1, 2, 4].filter((by) => by === 1 || setup.folds >= 2 * by).map((mergeBy) => ({ ...design, mergeBy }));
}
