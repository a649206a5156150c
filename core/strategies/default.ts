/**
 * Strategies that begin with a plan: a portfolio with planned shares of the time and what the bank suggests. Then come
 * mutations of the best, or what a model of the trials so far expects most of; a tenth of the time goes to random designs
 * from early on, which is the honest baseline and keeps exploring.
 */
import type { Space } from '../spaces/space.ts';
import { fromBest } from './from-best.ts';
import { fromModel } from './from-model.ts';
import { fromCheapest, fromPlan } from './from-plan.ts';
import { planOf } from './plan.ts';
import { proposeRandom } from './random.ts';
import {
  coreSeconds,
  initialState,
  roomFor,
  type SearchState,
  type Step,
  spaceOf,
  tellOutcomes,
} from './search-state.ts';
import type { AskFacts, Proposal, Strategy, StrategyState } from './strategy.ts';

/** Portfolio entries before the first random design: a usable model comes first. */
const BEFORE_RANDOM = 4;
const RANDOM_SHARE = 0.1;

/** True when random designs have had less than their share of the time so far. */
function randomIsDue(state: SearchState): boolean {
  const entries = Object.values(state.known);
  if (entries.length < BEFORE_RANDOM) return false;
  let all = 0;
  let random = 0;
  for (const entry of entries) {
    all += entry.seconds;
    if (entry.origin === 'random') random += entry.seconds;
  }
  return random < RANDOM_SHARE * all;
}

/** What proposes once the plan is through, in this order until one does. */
type Later = (state: SearchState, space: Space, facts: AskFacts) => Step;

const planned = (name: string, later: readonly Later[]): Strategy => ({
  name,
  init: (setup) => initialState(setup) as unknown as StrategyState,
  ask(opaque, n, facts) {
    let state = opaque as unknown as SearchState;
    const space = spaceOf(state.setup);
    const plan = planOf(state.setup, space);
    const proposals: Proposal[] = [];
    const wanted = Math.min(n, facts.trialsLeft ?? n);
    while (proposals.length < wanted && roomFor(state, facts) > 0.4) {
      const randomLimit = Math.min(roomFor(state, facts), Math.max(3, RANDOM_SHARE * coreSeconds(state.setup)));
      const atRandom = () => proposeRandom(state, space, randomLimit);
      const due = randomIsDue(state);
      const sources: (() => Step)[] = [
        ...(due ? [atRandom] : []),
        () => fromPlan(state, space, plan, facts),
        ...later.map((source) => () => source(state, space, facts)),
        ...(due ? [] : [atRandom]),
        () => fromCheapest(state, space, plan, facts),
      ];
      let proposal: Proposal | null = null;
      for (const source of sources) {
        const step = source();
        state = step.state;
        proposal = step.proposal;
        if (proposal) break;
      }
      if (!proposal) break;
      proposals.push(proposal);
    }
    return { state: state as unknown as StrategyState, proposals };
  },
  tell: (state, outcomes) => tellOutcomes(state as unknown as SearchState, outcomes) as unknown as StrategyState,
});

export const defaultStrategy = planned('default', [fromBest]);
export const predictorStrategy = planned('predictor', [fromModel, fromBest]);
