/** The state that both strategies share: what was proposed, what came of it, and the stream of random numbers. */
import type { TrialOrigin, TrialState } from '../contracts/task.ts';
import { Random, type RandomState } from '../math/random.ts';
import { lossOf } from '../metrics/evaluate.ts';
import { describeDesign, hashDesign } from '../spaces/identity.ts';
import { completeDesign, type Design, type Space } from '../spaces/space.ts';
import { tabularSpace } from '../spaces/tabular.ts';
import { type Corrections, learnCost } from './cost.ts';
import type { AskFacts, Outcome, Proposal, SearchSetup } from './strategy.ts';

export interface Known {
  readonly design: Design;
  readonly origin: TrialOrigin;
  /** Expected until it ended, then measured. */
  readonly seconds: number;
  /** Null while it runs. */
  readonly state: TrialState | null;
  /** As a loss: smaller is better; null unless done. */
  readonly loss: number | null;
}

export interface SearchState {
  readonly version: 1;
  readonly setup: SearchSetup;
  readonly random: RandomState;
  readonly corrections: Corrections;
  /** In the order of proposal. */
  readonly known: Readonly<Record<string, Known>>;
  /** Portfolio and prior entries already proposed or passed over. */
  readonly next: number;
}

export function initialState(setup: SearchSetup): SearchState {
  return { version: 1, setup, random: new Random(setup.seed).state(), corrections: {}, known: {}, next: 0 };
}

export function spaceOf(setup: SearchSetup): Space {
  return tabularSpace(setup);
}

/**
 * Wall seconds that one more trial may take: what is left once those before it in the queue are done. The first
 * unfinished ones, one per worker, count as half done.
 */
export function roomFor(state: SearchState, facts: AskFacts): number {
  const open = Object.values(state.known).filter((entry) => entry.state === null);
  const { workers } = state.setup;
  const waiting = open.reduce((sum, entry, i) => sum + (i < workers ? 0.5 : 1) * entry.seconds, 0);
  return 0.95 * (facts.secondsLeft - (open.length < workers ? 0 : waiting / workers));
}

/** Core seconds of the whole search. */
export const coreSeconds = (setup: SearchSetup): number => setup.searchSeconds * setup.workers;

/** What one source of designs came to. */
export interface Step {
  readonly state: SearchState;
  /** Null when it has none now. */
  readonly proposal: Proposal | null;
}

/** The proposal of a design, and the state that knows it; null when the design is known already. */
export function propose(
  state: SearchState,
  space: Space,
  design: Design,
  origin: TrialOrigin,
  seconds: number,
  limitSeconds: number,
  note?: string,
): { readonly state: SearchState; readonly proposal: Proposal } | null {
  const complete = completeDesign(space, design);
  const hash = hashDesign(space, complete);
  if (state.known[hash]) return null;
  const proposal: Proposal = {
    hash,
    design: complete,
    learner: String(complete.learner),
    origin,
    summary: describeDesign(space, complete),
    expectedSeconds: seconds,
    limitSeconds,
    ...(note ? { note } : {}),
  };
  const entry: Known = { design: complete, origin, seconds, state: null, loss: null };
  return { proposal, state: { ...state, known: { ...state.known, [hash]: entry } } };
}

/** Takes outcomes in: losses, seconds, cost corrections. */
export function tellOutcomes(
  state: SearchState,
  outcomes: readonly (Outcome & { readonly design?: Design })[],
): SearchState {
  let { corrections } = state;
  const known = { ...state.known };
  for (const outcome of outcomes) {
    const before = known[outcome.hash];
    const design = before?.design ?? outcome.design;
    if (!design) continue;
    const done = outcome.state === 'done' && outcome.score !== null && Number.isFinite(outcome.score);
    known[outcome.hash] = {
      design,
      origin: before?.origin ?? 'manual',
      seconds: outcome.seconds,
      state: outcome.state,
      loss: done ? lossOf(state.setup.metric, outcome.score) : null,
    };
    if (before && (done || outcome.state === 'timed_out') && outcome.seconds > 0) {
      corrections = learnCost(corrections, design, state.setup, outcome.seconds);
    }
  }
  return { ...state, corrections, known };
}

/** Finished designs from best to worst. */
export function ranked(state: SearchState): Known[] {
  return Object.values(state.known)
    .filter((entry) => entry.loss !== null)
    .sort((a, b) => a.loss! - b.loss!);
}
