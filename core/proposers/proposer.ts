/**
 * What proposes designs: pure functions on a JSON state, whatever the space. Strategies of the product wrap proposers
 * with time and money; benches replay them on tables.
 */
import type { Design, Space } from '../spaces/space.ts';

/** A task of the bank that shares the space: losses of designs, smaller is better. */
export interface BankTable {
  readonly name: string;
  /** By canonical key of the design (`designKey`). */
  readonly losses: ReadonlyMap<string, number>;
  /** Losses of the further objectives in their order, likewise; left out where the task measured one. */
  readonly further?: readonly ReadonlyMap<string, number>[];
}

/** Facts of a search that never change. */
export interface ProposerSetup {
  readonly space: Space;
  readonly seed: number;
  /** Where the designs that can be evaluated are few enough to list. */
  readonly candidates?: readonly Design[] | undefined;
  readonly bank: readonly BankTable[];
  /** Losses per evaluation; 1 unless several objectives are traded off. */
  readonly objectives: number;
  /** By objective: its loss where a design's statistics tell it without training, else null. */
  readonly free?: readonly (FreeLoss | null)[];
  /** Shares of the full training that designs can be evaluated at, ascending, the last 1; left out: 1 alone. */
  readonly fidelities?: readonly number[];
}

export type FreeLoss = (design: Design) => number;

export interface Evaluated {
  readonly design: Design;
  /** One loss per objective, smaller is better; null when the design could not be evaluated. */
  readonly losses: readonly number[] | null;
  /** Share of the full training that they were measured after; 1 by default. */
  readonly fidelity?: number;
}

/** Plain JSON; its fields belong to the proposer. */
export type ProposerState = Readonly<Record<string, unknown>>;

export interface Proposed {
  readonly design: Design;
  /** Where it comes from: `portfolio`, `predictor`, `random`, `mutation`, … */
  readonly origin: string;
  /** One of `fidelities` of the setup; 1 by default. */
  readonly fidelity?: number;
}

export interface Proposer {
  readonly name: string;
  init(setup: ProposerSetup): ProposerState;
  /**
   * Up to `n` designs that were neither proposed nor told before, at least not at this fidelity; none when the space is
   * exhausted.
   */
  ask(
    setup: ProposerSetup,
    state: ProposerState,
    n: number,
  ): { readonly state: ProposerState; readonly proposed: readonly Proposed[] };
  /** Learns outcomes, also of designs that it did not propose. */
  tell(setup: ProposerSetup, state: ProposerState, evaluated: readonly Evaluated[]): ProposerState;
}
