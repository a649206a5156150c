/**
 * Ask/tell: what proposes the next trials of a search. A strategy is pure: its whole state is JSON, randomness comes
 * from that state and time is a parameter, so a search can be stored, resumed elsewhere, replayed, and tested on
 * look-up tables.
 */
import type { Problem } from './learner.ts';
import type { MetricName, TrialOrigin, TrialRole } from './task.ts';

/** Decisions of one trial, flat; `learner` names who trains it. */
export type StrategyDesign = Readonly<Record<string, string | number | boolean>>;

/** What a strategy may know of the task; never a test row. */
export interface StrategyTask {
  readonly problem: Problem;
  readonly classes: number;
  readonly rows: number;
  readonly numericFeatures: number;
  readonly categoricalFeatures: number;
  readonly folds: number;
  /** Whether a numeric target may be learned on the log scale. */
  readonly logTarget: boolean;
  readonly metric: MetricName;
  readonly budgetSeconds: number;
  /** Trials that run at the same time. */
  readonly lanes: number;
  readonly metaFeatures: Readonly<Record<string, number>>;
}

/** What earlier searches learned: designs of similar tasks with their standing there. */
export interface BankEvidence {
  readonly tasks: readonly {
    readonly name: string;
    readonly metric: MetricName;
    readonly metaFeatures: Readonly<Record<string, number>>;
    readonly trials: readonly { readonly design: StrategyDesign; readonly score: number; readonly seconds: number }[];
  }[];
}

export interface Proposal {
  readonly design: StrategyDesign;
  readonly origin: TrialOrigin;
  readonly role: TrialRole;
  readonly seed: number;
  /** Seconds this trial should take at most; null leaves it all the time that is left. */
  readonly secondsLimit: number | null;
}

export interface AskContext {
  /** How many proposals are wanted; fewer may come when nothing new is left. */
  readonly count: number;
  /** Seconds until trials must be done. */
  readonly secondsLeft: number;
  /** Proposals made and not told of yet. */
  readonly pending: readonly { readonly design: StrategyDesign; readonly elapsedSeconds: number }[];
}

export interface Outcome {
  readonly design: StrategyDesign;
  readonly origin: TrialOrigin;
  readonly state: 'done' | 'failed' | 'timed_out' | 'out_of_memory' | 'cancelled';
  /** In the metric's own units; null unless done. */
  readonly score: number | null;
  readonly seconds: number;
}

/** JSON. */
export type StrategyState = Readonly<Record<string, unknown>>;

export interface StrategyInit {
  readonly task: StrategyTask;
  readonly seed: number;
  /** Null when the prior is off. */
  readonly bank: BankEvidence | null;
}

export interface Strategy {
  readonly name: string;
  init(options: StrategyInit): StrategyState;
  /** Proposes designs that were not proposed before in this state. */
  ask(
    state: StrategyState,
    context: AskContext,
  ): { readonly state: StrategyState; readonly proposals: readonly Proposal[] };
  tell(state: StrategyState, outcome: Outcome): StrategyState;
  /** What the prior changed and which tasks it leans on, for the page; null without a prior. */
  explain(state: StrategyState): {
    readonly tasks: readonly { readonly name: string; readonly weight: number; readonly reason: string }[];
    readonly changes: readonly { readonly decision: string; readonly before: string; readonly after: string }[];
  } | null;
}
