/**
 * NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002): generations of children of the least dominated and, among those, the
 * least crowded. Crossover and mutation are those of the space. With one objective it is an elitist genetic algorithm.
 */
import { crowdedOrder } from '../math/pareto.ts';
import { Random } from '../math/random.ts';
import { crossDesigns } from '../spaces/crossover.ts';
import { type Design, mutateDesign } from '../spaces/space.ts';
import { drawNew, isListed, mutateNew, type Taken } from './candidates.ts';
import { frontPortfolio } from './front-portfolio.ts';
import { designKey, emptyHistory, type History, record } from './history.ts';
import type { Proposed, Proposer, ProposerSetup } from './proposer.ts';

const POPULATION = 20;
/** Share of the children with two parents, and of those that change one more decision. */
const CROSSOVER = 0.9;
const MUTATION = 0.7;

interface Nsga2State extends History {
  /** Keys of the designs that children come from, by the crowded comparison. */
  readonly parents: readonly string[];
  /** Keys of what came since they were chosen. */
  readonly born: readonly string[];
}

/** Once a whole generation is done, the best of it and of its parents are the next parents. */
function select(history: Nsga2State): Nsga2State {
  const { entries, parents, born } = history;
  const ended = born.filter((key) => entries[key]!.losses !== undefined);
  if (ended.length < POPULATION) return history;
  const keys = [...parents, ...ended].filter((key) => entries[key]!.losses?.every(Number.isFinite));
  const order = crowdedOrder(keys.map((key) => entries[key]!.losses!));
  return {
    ...history,
    parents: order.slice(0, POPULATION).map((i) => keys[i]!),
    born: born.filter((key) => entries[key]!.losses === undefined),
  };
}

/** A new design from two winners of tournaments between two parents each; null when none is left. */
function childOf(setup: ProposerSetup, parents: readonly Design[], taken: Taken, random: Random): Proposed | null {
  // Parents stand in order, so the smaller of two places wins.
  const winner = () => parents[Math.min(random.integer(parents.length), random.integer(parents.length))]!;
  const first = winner();
  let child = random.uniform() < CROSSOVER ? crossDesigns(setup.space, first, winner(), random) : first;
  if (random.uniform() < MUTATION) child = mutateDesign(setup.space, child, random)?.design ?? child;
  const key = designKey(child);
  if (!taken.has(key) && isListed(setup, key)) return { design: child, origin: 'crossover' };
  const mutated = mutateNew(setup, child, taken, random);
  if (mutated) return { design: mutated.design, origin: 'mutation' };
  const drawn = drawNew(setup, taken, random);
  return drawn && { design: drawn, origin: 'random' };
}

/** A design of the first generation: the bank's, then drawn. */
function firstOf(setup: ProposerSetup, portfolio: readonly Design[], taken: Taken, random: Random): Proposed | null {
  const known = portfolio.find((design) => !taken.has(designKey(design)));
  if (known) return { design: known, origin: 'portfolio' };
  const drawn = drawNew(setup, taken, random);
  return drawn && { design: drawn, origin: 'random' };
}

export const nsga2: Proposer = {
  name: 'nsga2',
  init: (setup) => ({ ...emptyHistory(setup), parents: [], born: [] }),
  ask(setup, state, n) {
    const history = select(state as Nsga2State);
    const random = new Random(history.random);
    const entries = { ...history.entries };
    const born = [...history.born];
    const taken: Taken = { has: (key) => key in entries };
    const parents = history.parents.map((key) => entries[key]!.design);
    const portfolio = frontPortfolio(setup, POPULATION / 2);
    const proposed: Proposed[] = [];
    while (proposed.length < n) {
      const next =
        parents.length > 0 ? childOf(setup, parents, taken, random) : firstOf(setup, portfolio, taken, random);
      if (!next) break;
      const key = designKey(next.design);
      entries[key] = { design: next.design };
      born.push(key);
      proposed.push(next);
    }
    return { state: { ...history, random: random.state(), entries, born }, proposed };
  },
  tell(_setup, state, evaluated) {
    const before = state as Nsga2State;
    const foreign = evaluated.map(({ design }) => designKey(design)).filter((key) => !(key in before.entries));
    return { ...record(before, evaluated), born: [...before.born, ...foreign] };
  },
};
