/** The state of proposers that train many designs a little and few of them fully: how far each has climbed. */
import { Random, type RandomState } from '../math/random.ts';
import type { Design } from '../spaces/space.ts';
import { drawNew } from './candidates.ts';
import { designKey } from './history.ts';
import { bankPortfolio } from './portfolio.ts';
import type { Evaluated, Proposed, ProposerSetup, ProposerState } from './proposer.ts';

/** Designs of the bank before the first random one. */
const PORTFOLIO = 5;

export interface Climb {
  readonly design: Design;
  /** Which bracket it belongs to; -1 for designs that were told without being proposed. */
  readonly bracket: number;
  /** Index of the fidelity that it starts at. */
  readonly first: number;
  /** First loss at each fidelity from there on; null where it failed. */
  readonly losses: readonly (number | null)[];
  /** Evaluations asked for, the running one included. */
  readonly asked: number;
}

export interface Climbs extends ProposerState {
  readonly random: RandomState;
  /** By key of the design, in the order of proposal. */
  readonly climbs: Readonly<Record<string, Climb>>;
}

export const emptyClimbs = (setup: ProposerSetup): Climbs => ({ random: new Random(setup.seed).state(), climbs: {} });

export const fidelitiesOf = ({ fidelities }: ProposerSetup): readonly number[] => fidelities ?? [1];

/** So many of `count` designs at fidelity index `from` get to `to`: as many fewer as a training there is longer. */
export function promotedOf(fidelities: readonly number[], count: number, from: number, to: number): number {
  return Math.floor((count * fidelities[from]!) / fidelities[to]! + 1e-9);
}

/** The climb one evaluation further, as a proposal. */
export function ascend(setup: ProposerSetup, climb: Climb): { readonly climb: Climb; readonly proposed: Proposed } {
  const fidelity = fidelitiesOf(setup)[climb.first + climb.asked]!;
  return {
    climb: { ...climb, asked: climb.asked + 1 },
    proposed: { design: climb.design, origin: 'promotion', fidelity },
  };
}

/** A design that did not climb yet: one of the bank's first few, else drawn. */
export function newcomer(
  setup: ProposerSetup,
  climbs: Climbs['climbs'],
  random: Random,
): Pick<Proposed, 'design' | 'origin'> | null {
  const taken = { has: (key: string) => key in climbs };
  const known = bankPortfolio(setup, PORTFOLIO).find((design) => !taken.has(designKey(design)));
  if (known) return { design: known, origin: 'portfolio' };
  const design = drawNew(setup, taken, random);
  return design && { design, origin: 'random' };
}

/** The climbs with outcomes taken in. */
export function recordClimbs(setup: ProposerSetup, state: Climbs, evaluated: readonly Evaluated[]): Climbs {
  const climbs = { ...state.climbs };
  for (const { design, losses, fidelity = 1 } of evaluated) {
    const key = designKey(design);
    const known = climbs[key];
    const at = fidelitiesOf(setup).indexOf(fidelity);
    const loss = losses && Number.isFinite(losses[0]) ? losses[0]! : null;
    if (!known) climbs[key] = { design, bracket: -1, first: Math.max(0, at), losses: [loss], asked: 1 };
    else if (at === known.first + known.losses.length) climbs[key] = { ...known, losses: [...known.losses, loss] };
  }
  return { ...state, climbs };
}

/** Whether nothing of the climb is running. */
export const isResting = (climb: Climb): boolean => climb.asked === climb.losses.length;

/** Those with a loss at fidelity index `at`, the best first. */
export function rankedAt(climbs: readonly Climb[], at: number): Climb[] {
  const lossOf = ({ losses, first }: Climb) => losses[at - first] ?? null;
  return climbs.filter((climb) => lossOf(climb) !== null).sort((a, b) => lossOf(a)! - lossOf(b)!);
}
