/** Random search: the baseline that every strategy is measured against. */
import { Random } from '../math/random.ts';
import { type Space, sampleDesign } from '../spaces/space.ts';
import { fitToTime } from './fit-to-time.ts';
import { initialState, propose, roomFor, type SearchState, spaceOf, tellOutcomes } from './search-state.ts';
import type { AskFacts, Proposal, Strategy, StrategyState } from './strategy.ts';

/** Draws of one proposal before it is given up: some designs are known already, some do not fit. */
const DRAWS = 40;

/** One random design that fits, at most `limit` seconds long; null when none was found. */
export function proposeRandom(
  state: SearchState,
  space: Space,
  limit: number,
): { readonly state: SearchState; readonly proposal: Proposal | null } {
  const random = new Random(state.random);
  for (let draw = 0; draw < DRAWS; draw++) {
    const design = sampleDesign(space, random);
    const fitted = fitToTime(design, limit, state.setup, state.corrections);
    const made = fitted && propose(state, space, fitted.design, 'random', fitted.seconds, limit);
    if (made) return { proposal: made.proposal, state: { ...made.state, random: random.state() } };
  }
  return { proposal: null, state: { ...state, random: random.state() } };
}

export const randomStrategy: Strategy = {
  name: 'random',
  init: (setup) => initialState(setup) as unknown as StrategyState,
  ask(opaque, n, facts: AskFacts) {
    let state = opaque as unknown as SearchState;
    const space = spaceOf(state.setup);
    const proposals: Proposal[] = [];
    while (proposals.length < Math.min(n, facts.trialsLeft ?? n)) {
      // No trial may take more than a fifth of the search: one slow draw must not be the whole of it.
      const limit = Math.min(roomFor(state, facts), Math.max(3, 0.2 * state.setup.searchSeconds));
      if (limit < 0.3) break;
      let made = proposeRandom(state, space, limit);
      // Where nothing fits that, slow designs may have what is left.
      if (!made.proposal) made = proposeRandom(made.state, space, roomFor(made.state, facts));
      state = made.state;
      if (!made.proposal) break;
      proposals.push(made.proposal);
    }
    return { state: state as unknown as StrategyState, proposals };
  },
  tell: (state, outcomes) => tellOutcomes(state as unknown as SearchState, outcomes) as unknown as StrategyState,
};
