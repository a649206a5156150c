/**
 * Asynchronous successive halving (ASHA; Li et al. 2020, arXiv 1810.05934): a design is trained longer as soon as it is
 * among the best of those trained as long; nobody waits for a rung to fill.
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
import type { Proposed, Proposer, ProposerSetup } from './proposer.ts';

/** The best design that may go on, the longest trained first. */
function promotable(setup: ProposerSetup, climbs: readonly Climb[]): Climb | undefined {
  const fidelities = fidelitiesOf(setup);
  for (let at = fidelities.length - 2; at >= 0; at--) {
    const ended = climbs.filter(({ losses }) => losses.length > at).length;
    const best = rankedAt(climbs, at).slice(0, promotedOf(fidelities, ended, at, at + 1));
    const next = best.find((climb) => climb.losses.length === at + 1 && isResting(climb));
    if (next) return next;
  }
  return undefined;
}

export const asha: Proposer = {
  name: 'asha',
  init: emptyClimbs,
  ask(setup, state, n) {
    const before = state as Climbs;
    const random = new Random(before.random);
    const climbs = { ...before.climbs };
    const proposed: Proposed[] = [];
    while (proposed.length < n) {
      const own = Object.values(climbs).filter(({ bracket }) => bracket >= 0);
      const going = promotable(setup, own);
      const fresh = going ? null : newcomer(setup, climbs, random);
      if (!going && !fresh) break;
      const next = ascend(setup, going ?? { design: fresh!.design, bracket: 0, first: 0, losses: [], asked: 0 });
      climbs[designKey(next.climb.design)] = next.climb;
      proposed.push({ ...next.proposed, origin: fresh?.origin ?? next.proposed.origin });
    }
    return { state: { ...before, random: random.state(), climbs }, proposed };
  },
  tell: (setup, state, evaluated) => recordClimbs(setup, state as Climbs, evaluated),
};
