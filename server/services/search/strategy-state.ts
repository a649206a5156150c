/** What is stored of a strategy between steps. */
import type { SearchSetup, StrategyState } from '#core/strategies/strategy.ts';
import type { TraceEntry } from '#core/strategies/trace.ts';

export interface StoredStrategy {
  readonly name: string;
  /** What the strategy began with; missing in searches that began before it was recorded. */
  readonly setup?: SearchSetup;
  readonly state: StrategyState;
  /** Numbers of the trials whose outcome the strategy knows. */
  readonly told: readonly number[];
  /** Seconds a trial may take, by its number; trials without an entry may use all that is left. */
  readonly limits: Readonly<Record<string, number>>;
  /** The ask/tell trace that a replay follows. */
  readonly trace: readonly TraceEntry[];
}

/** A search that began before setups were recorded has no whole trace: what there is of it is left out. */
export function storedStrategy(value: unknown): StoredStrategy | null {
  const stored = (value as StoredStrategy | null) ?? null;
  return stored && !stored.setup ? { ...stored, trace: [] } : stored;
}
