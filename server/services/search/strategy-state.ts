/** What is stored of a strategy between steps. */
import type { StrategyState } from '#core/strategies/strategy.ts';

export interface StoredStrategy {
  readonly name: string;
  readonly state: StrategyState;
  /** Numbers of the trials whose outcome the strategy knows. */
  readonly told: readonly number[];
  /** Seconds a trial may take, by its number; trials without an entry may use all that is left. */
  readonly limits: Readonly<Record<string, number>>;
  /** The ask/tell trace that a replay follows. */
  readonly trace: readonly TraceEntry[];
}

export type TraceEntry =
  | { readonly ask: readonly number[]; readonly secondsLeft: number }
  | { readonly tell: number; readonly state: string; readonly score: number | null };

export const storedStrategy = (value: unknown): StoredStrategy | null => (value as StoredStrategy | null) ?? null;
