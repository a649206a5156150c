/** Proposals by the plan: its entries in order, shortened to their share of the time; the cheapest where none gave a model. */
import type { Space } from '../spaces/space.ts';
import { expectedSeconds } from './cost.ts';
import { fitToTime, onFewestFolds } from './fit-to-time.ts';
import type { Planned } from './plan.ts';
import { coreSeconds, propose, roomFor, type SearchState, type Step } from './search-state.ts';
import type { AskFacts } from './strategy.ts';

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

/** The next entry that fits. */
export function fromPlan(state: SearchState, space: Space, plan: readonly Planned[], facts: AskFacts): Step {
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

/** Entries tried with all the time that is left before a search without a learner's model is left to end. */
const LAST_RESORTS = 3;

/**
 * Where no learner has given a model and nothing fits any more, the portfolio's cheapest entry gets all the time that is
 * left: learners keep what they have when it is over, and that is more than the baseline knows.
 */
export function fromCheapest(state: SearchState, space: Space, plan: readonly Planned[], facts: AskFacts): Step {
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
