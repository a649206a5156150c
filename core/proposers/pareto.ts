/**
 * The default where several objectives are traded off: the bank's front first, then designs that models of the
 * objectives expect to widen the front most, and a tenth at random, which keeps the models honest.
 */
import { Random } from '../math/random.ts';
import type { Design } from '../spaces/space.ts';
import { drawNew } from './candidates.ts';
import { expectedFront, type FittedObjectives } from './expected-front.ts';
import { frontPortfolio } from './front-portfolio.ts';
import { designKey, emptyHistory, type History, record } from './history.ts';
import type { Proposed, Proposer } from './proposer.ts';

/** Designs before the first models: of the bank, or random without one. */
const PORTFOLIO = 5;
const COLD_START = 8;
/** One in so many is random. */
const RANDOM_EVERY = 10;

interface ParetoState extends History {
  readonly fitted: FittedObjectives;
}

export const pareto: Proposer = {
  name: 'pareto',
  init: (setup) => ({ ...emptyHistory(setup), fitted: [] }),
  ask(setup, state, n) {
    const history = state as ParetoState;
    const random = new Random(history.random);
    const entries = { ...history.entries };
    let { fitted } = history;
    let count = Object.keys(entries).length;
    const proposed: Proposed[] = [];
    const add = (design: Design, origin: string) => {
      entries[designKey(design)] = { design };
      proposed.push({ design, origin });
      count++;
    };
    const taken = { has: (key: string) => key in entries, keys: () => Object.keys(entries) };
    const isNew = (design: Design) => !taken.has(designKey(design));
    const portfolio = frontPortfolio(setup, PORTFOLIO);
    const start = portfolio.length > 0 ? portfolio.length : COLD_START;
    // One fit serves the whole batch.
    let queue: readonly Design[] | null = null;
    while (proposed.length < n) {
      const due = count < PORTFOLIO && portfolio.find(isNew);
      if (due) {
        add(due, 'portfolio');
        continue;
      }
      if (count >= start && count % RANDOM_EVERY !== RANDOM_EVERY - 1) {
        if (!queue) {
          const found = expectedFront(setup, history, taken, n - proposed.length, fitted, random);
          queue = found?.designs ?? [];
          fitted = found?.fitted ?? fitted;
        }
        const next = queue.find(isNew);
        if (next) {
          add(next, 'predictor');
          continue;
        }
      }
      const design = drawNew(setup, taken, random);
      if (!design) break;
      add(design, 'random');
    }
    return { state: { ...history, random: random.state(), entries, fitted }, proposed };
  },
  tell: (_setup, state, evaluated) => record(state as ParetoState, evaluated),
};
