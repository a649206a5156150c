/**
 * Brackets of successive halving, one after another: each starts designs at one fidelity and trains the best of every
 * rung longer once the rung is full (Jamieson and Talwalkar 2016, arXiv 1502.07943).
 */
import { Random } from '../math/random.ts';
import {
  ascend,
  type Climb,
  type Climbs,
  emptyClimbs,
  fidelitiesOf,
  isResting,
  newcomer,
  promotedOf,
  rankedAt,
  recordClimbs,
} from './climbs.ts';
import { designKey } from './history.ts';
import type { Proposed, Proposer } from './proposer.ts';

export interface Bracket {
  /** Index of the fidelity that its designs start at. */
  readonly first: number;
  /** Designs that start. */
  readonly size: number;
}

/** What a bracket does next: a further design, one that goes on, or nothing while it waits and when it is done. */
function stepOf(
  bracket: Bracket,
  own: readonly Climb[],
  fidelities: readonly number[],
  exhausted: boolean,
): 'start' | Climb | null {
  if (own.length < bracket.size && !exhausted) return 'start';
  let expected = own.length;
  for (let at = bracket.first; at + 1 < fidelities.length; at++) {
    const steps = at - bracket.first + 1;
    const there = own.filter(({ asked }) => asked >= steps);
    if (there.length < expected || there.some((climb) => climb.losses.length < steps)) return null;
    const ranked = rankedAt(own, at);
    expected = Math.min(ranked.length, Math.max(1, promotedOf(fidelities, own.length, bracket.first, at + 1)));
    const next = ranked.slice(0, expected).find((climb) => climb.asked === steps && isResting(climb));
    if (next) return next;
  }
  return null;
}

/**
 * A proposer that runs the brackets of `plan` again and again. Where all wait for results the next one begins.
 * @param plan the brackets for given fidelities, at least one
 */
export function bracketed(name: string, plan: (fidelities: readonly number[]) => readonly Bracket[]): Proposer {
  return {
    name,
    init: emptyClimbs,
    ask(setup, state, n) {
      const before = state as Climbs;
      const random = new Random(before.random);
      const climbs = { ...before.climbs };
      const fidelities = fidelitiesOf(setup);
      const brackets = plan(fidelities);
      const proposed: Proposed[] = [];
      const take = (climb: Climb, origin?: string) => {
        const next = ascend(setup, climb);
        climbs[designKey(climb.design)] = next.climb;
        proposed.push({ ...next.proposed, origin: origin ?? next.proposed.origin });
      };
      let exhausted = false;
      while (proposed.length < n) {
        const groups = Map.groupBy(Object.values(climbs), ({ bracket }) => bracket);
        const begun = Math.max(-1, ...groups.keys()) + 1;
        let step: 'start' | Climb | null = null;
        let b = 0;
        for (; b <= begun && step === null; b++)
          step = stepOf(brackets[b % brackets.length]!, groups.get(b) ?? [], fidelities, exhausted);
        if (step === null) break;
        if (step !== 'start') {
          take(step);
          continue;
        }
        const bracket = b - 1;
        const fresh = newcomer(setup, climbs, random);
        if (!fresh) exhausted = true;
        else {
          const { first } = brackets[bracket % brackets.length]!;
          take({ design: fresh.design, bracket, first, losses: [], asked: 0 }, fresh.origin);
        }
      }
      return { state: { ...before, random: random.state(), climbs }, proposed };
    },
    tell: (setup, state, evaluated) => recordClimbs(setup, state as Climbs, evaluated),
  };
}
