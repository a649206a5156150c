/** Proposals near the best designs so far. */
import { Random } from '../math/random.ts';
import { type Design, mutateDesign, type Space } from '../spaces/space.ts';
import { familyOf } from './cost.ts';
import { fitToTime } from './fit-to-time.ts';
import { fidelity } from './plan.ts';
import { coreSeconds, type Known, propose, ranked, roomFor, type SearchState, type Step } from './search-state.ts';
import type { AskFacts } from './strategy.ts';

/** Decisions that mutation leaves: they change the family or only the time. */
const kept = new Set(['learner', ...fidelity]);

/** A mutation of one of the best designs, families taking turns by rank. */
export function fromBest(state: SearchState, space: Space, facts: AskFacts): Step {
  const random = new Random(state.random);
  const limit = Math.min(roomFor(state, facts), Math.max(3, 0.2 * coreSeconds(state.setup)));
  const parents = bestOfFamilies(ranked(state));
  for (let draw = 0; draw < 12 && parents.length > 0; draw++) {
    // Half of the draws take the first parent, a quarter the second, and so on.
    const rank = Math.min(parents.length - 1, Math.floor(-Math.log2(1 - random.uniform())));
    const parent = parents[rank]!;
    const mutated = mutateSome(space, parent.design, 1 + random.integer(3), random);
    if (!mutated) continue;
    const fitted = fitToTime(mutated.design, limit, state.setup, state.corrections);
    const note = `${mutated.changed.join(', ')} changed`;
    const made = fitted && propose(state, space, fitted.design, 'mutation', fitted.seconds, limit, note);
    if (made) return { ...made, state: { ...made.state, random: random.state() } };
  }
  return { state: { ...state, random: random.state() }, proposal: null };
}

/** One to three decisions changed: near copies of the best add nothing to an ensemble. */
function mutateSome(space: Space, design: Design, count: number, random: Random) {
  const changed = new Set<string>();
  for (let i = 0; i < count; i++) {
    const mutated = mutateDesign(space, design, random, new Set([...kept, ...changed]));
    if (!mutated) break;
    design = mutated.design;
    changed.add(mutated.changed);
  }
  return changed.size > 0 ? { design, changed: [...changed] } : null;
}

/** The best two of each family, best first; baseline is nobody's parent. */
function bestOfFamilies(list: readonly Known[]): Known[] {
  const taken: Record<string, number> = {};
  return list.filter(({ design }) => {
    const family = familyOf(design);
    taken[family] = (taken[family] ?? 0) + 1;
    return family !== 'baseline' && taken[family] <= 2;
  });
}
