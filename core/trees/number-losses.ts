/**
 * Losses of numbers besides the squared error: quantiles (the absolute error is twice that of one half), and those of
 * counts and amounts that are never negative, whose scores are logarithms (McCullagh and Nelder 1989; Jorgensen 1987).
 */
import { type Loss, type LossData, weightedMean } from './losses.ts';
import { leafQuantile } from './quantile.ts';

/** Mean of max(level * u, (level - 1) * u) for u = target - score. */
export function pinballMean(level: number): (scores: ArrayLike<number>, data: LossData) => number {
  return (scores, { targets, weights }) =>
    weightedMean(targets.length, weights, (i) => {
      const above = targets[i]! - scores[i]!;
      return above >= 0 ? level * above : (level - 1) * above;
    });
}

export function quantileLoss(level: number): Loss {
  return {
    outputs: 1,
    level,
    start: ({ targets, weights }) =>
      Float64Array.of(leafQuantile(Float64Array.from(targets), level, weights && Float64Array.from(weights))),
    derive(scores, { targets, weights }, gradients, hessians) {
      for (let i = 0; i < targets.length; i++) {
        const w = weights ? weights[i]! : 1;
        gradients[i] = w * (targets[i]! > scores[i]! ? -level : 1 - level);
        hessians[i] = w;
      }
    },
    mean: pinballMean(level),
  };
}

const LEAST_MEAN = 1e-6;

function startOfLog({ targets, weights }: LossData): Float64Array {
  const mean = weightedMean(targets.length, weights, (i) => targets[i]!);
  return Float64Array.of(Math.log(Math.max(mean, LEAST_MEAN)));
}

/** Mean e^s, variance in proportion to it; targets >= 0 need not be whole. */
export const poissonLoss: Loss = {
  outputs: 1,
  start: startOfLog,
  derive(scores, { targets, weights }, gradients, hessians) {
    for (let i = 0; i < targets.length; i++) {
      const w = weights ? weights[i]! : 1;
      const mean = Math.exp(scores[i]!);
      gradients[i] = w * (mean - targets[i]!);
      // Shorter steps than Newton's, as LightGBM takes them: a leaf of small means would overshoot.
      hessians[i] = w * mean * 2;
    }
  },
  mean: (scores, { targets, weights }) =>
    weightedMean(targets.length, weights, (i) => Math.exp(scores[i]!) - targets[i]! * scores[i]!),
};

/** Mean e^s, variance in proportion to its power 1.5: many zeros and a long tail. */
const POWER = 1.5;

export const tweedieLoss: Loss = {
  outputs: 1,
  start: startOfLog,
  derive(scores, { targets, weights }, gradients, hessians) {
    for (let i = 0; i < targets.length; i++) {
      const w = weights ? weights[i]! : 1;
      const a = targets[i]! * Math.exp((1 - POWER) * scores[i]!);
      const b = Math.exp((2 - POWER) * scores[i]!);
      gradients[i] = w * (b - a);
      hessians[i] = w * ((POWER - 1) * a + (2 - POWER) * b);
    }
  },
  mean: (scores, { targets, weights }) =>
    weightedMean(targets.length, weights, (i) => {
      const s = scores[i]!;
      return (targets[i]! * Math.exp((1 - POWER) * s)) / (POWER - 1) + Math.exp((2 - POWER) * s) / (2 - POWER);
    }),
};
