/**
 * What every strategy is: pure functions on a JSON state. Randomness lives in the state, time comes in as facts, so a
 * search can be stored, resumed on another machine, replayed, and tested in milliseconds.
 */
import type { Problem } from '../contracts/learner.ts';
import type { MetricName, TrialOrigin, TrialState } from '../contracts/task.ts';
import type { Design } from '../spaces/space.ts';

/** Facts of a search that never change. JSON. */
export interface SearchSetup {
  readonly problem: Problem;
  readonly metric: MetricName;
  /** Training rows, all folds together. */
  readonly rows: number;
  /** Where these are a sample of the training part, since the budget has no time for all. */
  readonly sampled?: boolean;
  readonly numericColumns: number;
  readonly categoricalColumns: number;
  /** Terms of texts in a row, on average; 0 where left out. */
  readonly terms?: number;
  /** Number of classes; 1 for regression. */
  readonly classes: number;
  readonly folds: number;
  /** The target's logarithm may be learned. */
  readonly logTarget: boolean;
  /** Predictions must keep to a direction along some column; left out where they need not. */
  readonly directed?: boolean;
  /** Seconds of the search phase, and trials that run at a time. */
  readonly searchSeconds: number;
  readonly workers: number;
  readonly seed: number;
  /** Designs that the bank suggests, best first, with the reason to show. */
  readonly prior: readonly { readonly design: Design; readonly reason: string }[];
}

/** Facts of the moment. */
export interface AskFacts {
  /** Wall seconds until trials must have ended. */
  readonly secondsLeft: number;
  /** Trials that may still start; Infinity or left out: no limit. */
  readonly trialsLeft?: number;
}

export interface Proposal {
  readonly hash: string;
  readonly design: Design;
  readonly learner: string;
  readonly origin: TrialOrigin;
  /** Plain words: "boosting · leafwise · 31 leaves". */
  readonly summary: string;
  /** What it is expected to take. */
  readonly expectedSeconds: number;
  /** Limit to run it under; learners shorten their training to keep it. */
  readonly limitSeconds: number;
  readonly note?: string;
}

export interface Outcome {
  readonly hash: string;
  readonly state: TrialState;
  /** Validation score in the metric's own direction; null unless done. */
  readonly score: number | null;
  readonly seconds: number;
}

/** Plain JSON; its fields belong to the strategy. */
export type StrategyState = Readonly<Record<string, unknown>>;

export interface Strategy {
  readonly name: string;
  init(setup: SearchSetup): StrategyState;
  /**
   * Up to `n` new proposals that fit the time left; fewer when nothing fits, none when the search should end.
   * No design is proposed twice.
   */
  ask(
    state: StrategyState,
    n: number,
    facts: AskFacts,
  ): { readonly state: StrategyState; readonly proposals: readonly Proposal[] };
  /** Learns outcomes. Unknown hashes (reused trials) are taken in too when they come with a design. */
  tell(state: StrategyState, outcomes: readonly (Outcome & { readonly design?: Design })[]): StrategyState;
}
