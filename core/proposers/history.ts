/** The state that all proposers share: what was proposed, what came of it, and the stream of random numbers. */
import { Random, type RandomState } from '../math/random.ts';
import type { Design } from '../spaces/space.ts';
import type { Evaluated, ProposerSetup, ProposerState } from './proposer.ts';

/** One value per decision: the same text exactly for the same design. */
export function designKey(design: Design): string {
  return JSON.stringify(Object.entries(design).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

export interface Entry {
  readonly design: Design;
  /** Undefined while it runs, null when it failed. */
  readonly losses?: readonly number[] | null;
}

export interface History extends ProposerState {
  readonly random: RandomState;
  /** In the order of proposal, by key. */
  readonly entries: Readonly<Record<string, Entry>>;
}

export function emptyHistory(setup: ProposerSetup): History {
  return { random: new Random(setup.seed).state(), entries: {} };
}

/** The history with outcomes taken in; `told` are their entries. */
export function record<H extends History>(history: H, evaluated: readonly Evaluated[]): H {
  const entries = { ...history.entries };
  for (const { design, losses } of evaluated) entries[designKey(design)] = { design, losses };
  return { ...history, entries };
}

/** A finished design with its first loss. */
export interface Finished {
  readonly design: Design;
  readonly loss: number;
}

/** Finished designs in the order of proposal. */
export function finished(history: History): Finished[] {
  return Object.values(history.entries).flatMap(({ design, losses }) =>
    losses && Number.isFinite(losses[0]) ? [{ design, loss: losses[0]! }] : [],
  );
}

/** A finished design with all its losses. */
export interface Measured {
  readonly design: Design;
  readonly losses: readonly number[];
}

/** Designs with a number for every objective, in the order of proposal. */
export function measured(history: History): Measured[] {
  return Object.values(history.entries).flatMap(({ design, losses }) =>
    losses?.every(Number.isFinite) ? [{ design, losses }] : [],
  );
}
