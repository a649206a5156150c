/**
 * The default: a portfolio with planned shares of the time, then designs that the bank suggests, then mutations of the
 * best; a tenth of the time goes to random designs from early on, which is the honest baseline and keeps exploring.
 */

import type { TrialOrigin } from '../contracts/task.ts';
import { portfolioFor } from '../learners/portfolio.ts';
import { Random } from '../math/random.ts';
import { type Design, mutateDesign, type Space } from '../spaces/space.ts';
import { expectedSeconds, familyOf } from './cost.ts';
import { fitToTime, onFewestFolds } from './fit-to-time.ts';
import { proposeRandom } from './random.ts';
import {
  coreSeconds,
  initialState,
  type Known,
  propose,
  ranked,
  roomFor,
  type SearchState,
  spaceOf,
  tellOutcomes,
} from './search-state.ts';
import type { AskFacts, Proposal, SearchSetup, Strategy, StrategyState } from './strategy.ts';

/** Portfolio entries before the first random design: a usable model comes first. */
const BEFORE_RANDOM = 4;
const RANDOM_SHARE = 0.1;
/** Decisions that mutation leaves: they change the family or only the time. */
const kept = new Set(['learner', 'mergeBy', 'rounds', 'epochs']);

interface Planned {
  readonly design: Design;
  readonly origin: TrialOrigin;
  readonly share: number;
  readonly note?: string;
}

/**
 * Portfolio with the bank's designs after its fourth entry, shares scaled so that 85 % of the time is planned at most.
 * Where the target's logarithm may be learned, the two cheapest entries try both scales and decide for the others.
 */
function planOf(setup: SearchSetup): Planned[] {
  const own = portfolioFor(setup.rows, setup.classes, setup.searchSeconds, setup).map(
    ({ name, design, share }): Planned => ({
      design,
      origin: 'portfolio',
      share,
      note: name,
    }),
  );
  const prior = setup.prior.map(
    ({ design, reason }): Planned => ({ design, origin: 'prior', share: 0.08, note: reason }),
  );
  const listed = [...own.slice(0, 4), ...prior, ...own.slice(4)];
  if (!setup.logTarget) return listed;
  return listed.flatMap((entry, i) =>
    i < 2 ? [entry, { ...entry, design: { ...entry.design, logTarget: true } }] : [entry],
  );
}

/** True when learning the logarithm did better in the last pair of designs that differ in nothing else. */
function prefersLog(state: SearchState): boolean {
  const losses = new Map<string, { plain?: number; log?: number }>();
  for (const { design, loss } of Object.values(state.known)) {
    if (loss === null) continue;
    const { logTarget, ...rest } = design;
    const key = JSON.stringify(rest);
    losses.set(key, { ...losses.get(key), [logTarget === true ? 'log' : 'plain']: loss });
  }
  const pairs = [...losses.values()].filter(({ plain, log }) => plain !== undefined && log !== undefined);
  const last = pairs.at(-1);
  // RMSLE is the squared error of logarithms.
  return last ? last.log! < last.plain! : state.setup.metric === 'rmsle';
}

type Step = { readonly state: SearchState; readonly proposal: Proposal | null };

function fromPlan(state: SearchState, space: Space, plan: readonly Planned[], facts: AskFacts): Step {
  const total = coreSeconds(state.setup);
  while (state.next < plan.length) {
    const entry = plan[state.next]!;
    state = { ...state, next: state.next + 1 };
    const first = state.next === 1 ? Math.max(1.5, 0.05 * state.setup.searchSeconds) : Number.POSITIVE_INFINITY;
    const limit = Math.min(first, roomFor(state, facts), Math.max(2, 1.3 * 0.85 * entry.share * total));
    const free = entry.origin === 'portfolio' && entry.design.objective === undefined;
    const follow = state.setup.logTarget && state.next > 4 && free && prefersLog(state);
    const design = follow ? { ...entry.design, logTarget: true } : entry.design;
    const fitted = fitToTime(design, limit, state.setup, state.corrections);
    const made = fitted && propose(state, space, fitted.design, entry.origin, fitted.seconds, limit, entry.note);
    if (made) return made;
  }
  return { state, proposal: null };
}

/** A mutation of one of the best designs, families taking turns by rank. */
function fromBest(state: SearchState, space: Space, facts: AskFacts): Step {
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

/** Entries tried with all the time that is left before a search without a learner's model is left to end. */
const LAST_RESORTS = 3;

/**
 * Where no learner has given a model and nothing fits any more, the portfolio's cheapest entry gets all the time that is
 * left: learners keep what they have when it is over, and that is more than the baseline knows.
 */
function fromCheapest(state: SearchState, space: Space, plan: readonly Planned[], facts: AskFacts): Step {
  const tried = Object.values(state.known).filter(({ design }) => design.learner !== 'baseline');
  const hopeful = tried.some((known) => known.state === null || known.loss !== null);
  if (hopeful || tried.length >= plan.length + LAST_RESORTS) return { state, proposal: null };
  const limit = roomFor(state, facts);
  const costs = plan
    .map(({ design, origin, note }) => {
      const least = onFewestFolds(design, state.setup);
      return { design: least, origin, note, seconds: expectedSeconds(least, state.setup, state.corrections) };
    })
    .sort((a, b) => a.seconds - b.seconds);
  for (const { design, origin, note, seconds } of costs) {
    const made = propose(state, space, design, origin, Math.min(seconds, limit), limit, note);
    if (made) return made;
  }
  return { state, proposal: null };
}

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

export const defaultStrategy: Strategy = {
  name: 'default',
  init: (setup) => initialState(setup) as unknown as StrategyState,
  ask(opaque, n, facts) {
    let state = opaque as unknown as SearchState;
    const space = spaceOf(state.setup);
    const plan = planOf(state.setup);
    const proposals: Proposal[] = [];
    const wanted = Math.min(n, facts.trialsLeft ?? n);
    while (proposals.length < wanted && roomFor(state, facts) > 0.4) {
      const randomLimit = Math.min(roomFor(state, facts), Math.max(3, RANDOM_SHARE * coreSeconds(state.setup)));
      const sources: (() => Step)[] = [
        () => fromPlan(state, space, plan, facts),
        () => fromBest(state, space, facts),
        () => proposeRandom(state, space, randomLimit),
        () => fromCheapest(state, space, plan, facts),
      ];
      if (randomIsDue(state)) sources.unshift(...sources.splice(2, 1));
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
};
