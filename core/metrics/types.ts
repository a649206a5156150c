/** What a metric is computed from. */
import type { Problem } from '../contracts/learner.ts';

export interface MetricTask {
  readonly problem: Problem;
  /** Number of classes; 1 for regression. */
  readonly classes: number;
  /** Index of the class that `f1` speaks of; 1 when left out. Binary problems only. */
  readonly positive?: number | undefined;
  /** Of the metric `cost`: by true class, then by the class that is said; every mistake 1 when left out. */
  readonly costs?: readonly (readonly number[])[] | undefined;
  /** See `decideLabels`; the largest probability when left out. */
  readonly decision?: readonly number[] | undefined;
}

/**
 * Scores one set of predictions under any row weights: whole-number weights are the same as repeated rows, which is
 * how bootstrap samples are scored without sorting again.
 */
export type Evaluator = (weights?: ArrayLike<number>) => number;
