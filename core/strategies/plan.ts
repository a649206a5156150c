/** What the default tries first, in order: its portfolio, with what the bank suggests after the fourth entry. */
import type { TrialOrigin } from '../contracts/task.ts';
import { portfolioFor } from '../learners/portfolio.ts';
import { hashDesign } from '../spaces/identity.ts';
import { completeDesign, type Design, type Space } from '../spaces/space.ts';
import type { SearchSetup } from './strategy.ts';

export interface Planned {
  readonly design: Design;
  readonly origin: TrialOrigin;
  /** Share of the search's core seconds. */
  readonly share: number;
  readonly note?: string;
}

/** Entries before those of the bank: a usable model comes first. */
const FIRST = 4;
/** Of a design that the portfolio does not hold. */
const PRIOR_SHARE = 0.08;
/** How long and on how many folds a design trains is fitted to each search's time: it makes no other design. */
export const fidelity: readonly string[] = ['mergeBy', 'rounds', 'epochs'];

/** The design without how long it trained. */
export function withoutFidelity(design: Design): Design {
  return Object.fromEntries(Object.entries(design).filter(([name]) => !fidelity.includes(name)));
}

/**
 * Portfolio and bank in one list, shares as they stand in each. A suggestion that the portfolio holds anyway is that
 * entry brought forward. Where the target's logarithm may be learned, the two cheapest entries try both scales and decide
 * for the others.
 */
export function planOf(setup: SearchSetup, space: Space): Planned[] {
  const own = portfolioFor(setup.rows, setup.classes, setup.searchSeconds, setup).map(
    ({ name, design, share }): Planned => ({ design, origin: 'portfolio', share, note: name }),
  );
  const identity = (design: Design) => hashDesign(space, completeDesign(space, withoutFidelity(design)));
  const later = new Map(own.slice(FIRST).map((entry) => [identity(entry.design), entry]));
  const first = own.slice(0, FIRST);
  const taken = new Set(first.map(({ design }) => identity(design)));
  const suggested = setup.prior.flatMap(({ design, reason }): Planned[] => {
    const id = identity(design);
    if (taken.has(id)) return [];
    taken.add(id);
    const same = later.get(id);
    later.delete(id);
    return [{ design: same?.design ?? design, origin: 'prior', share: same?.share ?? PRIOR_SHARE, note: reason }];
  });
  const listed = [...first, ...suggested, ...later.values()];
  if (!setup.logTarget) return listed;
  return listed.flatMap((entry, i) =>
    i < 2 ? [entry, { ...entry, design: { ...entry.design, logTarget: true } }] : [entry],
  );
}
