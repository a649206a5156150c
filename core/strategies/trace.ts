/**
 * The ask/tell trace of a search: all that a strategy was told and what it answered, in order. With the strategy's code
 * it is enough to ask everything again.
 */
import type { TrialOrigin } from '../contracts/task.ts';
import type { Design } from '../spaces/space.ts';
import type { Outcome, Proposal, SearchSetup, Strategy } from './strategy.ts';

export interface Asked {
  readonly hash: string;
  readonly origin: TrialOrigin;
  readonly limitSeconds: number;
  /** Number of the trial that it became; null where the search had such a trial already. */
  readonly trial: number | null;
}

export interface AskEntry {
  /** Proposals asked for at most. */
  readonly ask: number;
  readonly secondsLeft: number;
  /** Null: no limit. */
  readonly trialsLeft: number | null;
  readonly proposals: readonly Asked[];
}

export interface TellEntry {
  /** With the design where the strategy did not propose it. */
  readonly tell: readonly (Outcome & { readonly trial: number; readonly design?: Design })[];
}

/** JSON. */
export type TraceEntry = AskEntry | TellEntry;

export interface SearchTrace {
  readonly strategy: string;
  /** What `init` was given, the bank's suggestions among it. */
  readonly setup: SearchSetup;
  readonly entries: readonly TraceEntry[];
}

export interface TraceDifference {
  /** Which entry of the trace, from 0. */
  readonly entry: number;
  /** Which ask, from 1. */
  readonly ask: number;
  readonly message: string;
}

export const isAsk = (entry: TraceEntry): entry is AskEntry => 'ask' in entry;

/** Asks again, tells the same, and lists asks that are answered otherwise than recorded. */
export function replayTrace(strategy: Strategy, trace: SearchTrace): TraceDifference[] {
  const differences: TraceDifference[] = [];
  // Between two steps of a search its state lies in the database as JSON text.
  const stored = <T>(state: T): T => JSON.parse(JSON.stringify(state)) as T;
  let state = stored(strategy.init(trace.setup));
  let asks = 0;
  trace.entries.forEach((each, entry) => {
    if (!isAsk(each)) {
      state = strategy.tell(
        state,
        each.tell.map(({ trial: _, ...outcome }) => outcome),
      );
      return;
    }
    asks++;
    const { secondsLeft } = each;
    const answer = strategy.ask(state, each.ask, {
      secondsLeft,
      trialsLeft: each.trialsLeft ?? Number.POSITIVE_INFINITY,
    });
    state = stored(answer.state);
    const message = compare(each.proposals, answer.proposals);
    if (message) differences.push({ entry, ask: asks, message });
  });
  return differences;
}

/** Limits are products and quotients of seconds: the last digits may differ between machines. */
const LIMIT_TOLERANCE = 1e-9;

function compare(recorded: readonly Asked[], now: readonly Proposal[]): string | null {
  const short = (hash: string) => hash.slice(0, 12);
  for (let i = 0; i < Math.max(recorded.length, now.length); i++) {
    const [a, b] = [recorded[i], now[i]];
    const place = `proposal ${i + 1}`;
    if (!a) return `${place}: none is recorded, the strategy proposes ${b!.summary} (${b!.origin}, ${short(b!.hash)}).`;
    const name = `${a.origin}, ${short(a.hash)}${a.trial === null ? '' : `, trial ${a.trial}`}`;
    if (!b) return `${place}: recorded is a design (${name}), the strategy proposes none.`;
    if (a.hash !== b.hash || a.origin !== b.origin)
      return `${place}: recorded is another design (${name}) than the strategy proposes: ${b.summary} (${b.origin}, ${short(b.hash)}).`;
    if (Math.abs(a.limitSeconds - b.limitSeconds) > LIMIT_TOLERANCE * Math.abs(b.limitSeconds))
      return `${place} (${name}): its limit was ${a.limitSeconds} s, now it is ${b.limitSeconds} s.`;
  }
  return null;
}
