/** Shortens a design until it fits a time limit: faster learning rates, fewer epochs, fewer folds; never half a bag. */
import type { Design } from '../spaces/space.ts';
import { type Corrections, expectedSeconds } from './cost.ts';
import type { SearchSetup } from './strategy.ts';

/** Below this many epochs a network is not worth its time. */
const LEAST_EPOCHS = 15;
const FASTEST_RATE = 0.2;

export interface Fitted {
  readonly design: Design;
  readonly seconds: number;
}

/** The design, shortened if it must be, with its expected seconds; null when it cannot be made to fit. */
export function fitToTime(design: Design, limit: number, setup: SearchSetup, corrections: Corrections): Fitted | null {
  const cost = (d: Design) => expectedSeconds(d, setup, corrections);
  const seconds = cost(design);
  if (seconds <= limit) return { design, seconds };
  if (design.learner === 'boosting') {
    const rate = typeof design.learningRate === 'number' ? design.learningRate : 0.05;
    const faster = Math.min(Math.max(FASTEST_RATE, rate), rate * (seconds / limit));
    const rounds = Math.max(100, Math.min(Number(design.rounds ?? 2000), Math.round(60 / faster)));
    const shortened = { ...design, learningRate: Number(faster.toPrecision(2)), rounds };
    // Boosting stops by its own clock, so an estimate a little over the limit is no risk.
    return cost(shortened) <= 2.5 * limit ? { design: shortened, seconds: Math.min(cost(shortened), limit) } : null;
  }
  if (design.learner === 'mlp') {
    for (const mergeBy of [1, 2, 4]) {
      if (setup.folds < 2 * mergeBy && mergeBy > 1) continue;
      const merged = { ...design, mergeBy };
      const epochs = typeof design.epochs === 'number' ? design.epochs : 256;
      const room = (limit * 0.9) / cost(merged);
      const fewer = { ...merged, epochs: Math.max(LEAST_EPOCHS, Math.floor(epochs * Math.min(1, room))) };
      // Fewer folds before fewer than 60 epochs.
      const enough = fewer.epochs >= Math.min(epochs, 60) || setup.folds < 4 * mergeBy;
      if (enough && cost(fewer) <= limit) return { design: fewer, seconds: cost(fewer) };
    }
    return null;
  }
  // Linear models walk a path of penalties and stop on it when time is up.
  return design.learner === 'linear' && seconds <= 8 * limit ? { design, seconds: limit } : null;
}
