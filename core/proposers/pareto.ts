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

/** Evaluations for each further design that is taken from one fit. */
const PER_EXTRA = 250;

interface ParetoState extends History {
  readonly fitted: FittedObjectives;
  /** Designs of the last fit that were not proposed yet. */
  readonly queue: readonly Design[];
}

export const pareto: Proposer = {
  name: 'pareto',
  init: (setup) => ({ ...emptyHistory(setup), fitted: [], queue: [] }),
  ask(setup, state, n) {
    const history = state as ParetoState;
    const random = new Random(history.random);
    const entries = { ...history.entries };
    let { fitted, queue } = history;
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
    let isFitted = false;
    while (proposed.length < n) {
      const due = count < PORTFOLIO && portfolio.find(isNew);
      if (due) {
        add(due, 'portfolio');
        continue;
      }
      if (count >= start && count % RANDOM_EVERY !== RANDOM_EVERY - 1) {
        queue = queue.filter(isNew);
        if (queue.length === 0 && !isFitted) {
          const wanted = Math.max(n - proposed.length, 1 + Math.floor(count / PER_EXTRA));
          const found = expectedFront(setup, history, taken, wanted, fitted, random);
          queue = found?.designs ?? [];
          fitted = found?.fitted ?? fitted;
          isFitted = true;
        }
        const [next] = queue;
        if (next) {
          add(next, 'predictor');
          continue;
        }
      }
      const design = drawNew(setup, taken, random);
      if (!design) break;
      add(design, 'random');
    }
    return { state: { ...history, random: random.state(), entries, fitted, queue }, proposed };
  },
  tell: (_setup, state, evaluated) => record(state as ParetoState, evaluated),
};
