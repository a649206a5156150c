/**
 * The default: the bank's first designs, then designs that a model of decisions and bank scores expects most of, and a
 * share of random designs, which keep the model honest and measure what the search is worth.
 */
import { Random } from '../math/random.ts';
import type { Design } from '../spaces/space.ts';
import { drawNew, searchSpaceOf } from './candidates.ts';
import { expectedDesigns, type Fitted } from './expected.ts';
import { designKey, emptyHistory, type Finished, finished, type History, record } from './history.ts';
import { bankPortfolio } from './portfolio.ts';
import type { Proposed, Proposer, ProposerSetup } from './proposer.ts';

/** Designs before the first model: of the bank, or random without one. */
const PORTFOLIO = 4;
const COLD_START = 8;
/** The last two of so many are random, after the first guesses of the model; one in three where nothing better has come for long. */
const ROUND = 20;
const RANDOM_OF_ROUND = 2;
const RANDOM_EVERY_STALE = 3;
const STALE = 60;
/** Kernels are weighed anew when there are so many times as many evaluations. */
const GROWTH = 1.25;
/** Evaluations for each further design that is taken from one fit. */
const PER_EXTRA = 80;

interface BankLedState extends History {
  readonly fitted: Fitted | null;
  /** Designs of the last fit that were not proposed yet. */
  readonly queue: readonly Design[];
}

/** Evaluations since the best one. */
function staleness(all: readonly Finished[]): number {
  let best = Number.POSITIVE_INFINITY;
  let at = 0;
  all.forEach(({ loss }, i) => {
    if (loss >= best) return;
    best = loss;
    at = i;
  });
  return all.length - 1 - at;
}

export const bankLed: Proposer = {
  name: 'default',
  init: (setup) => ({ ...emptyHistory(setup), fitted: null, queue: [] }),
  ask(setup: ProposerSetup, state, n) {
    // Designs are encoded now, so that no later ask waits for it.
    searchSpaceOf(setup);
    const history = state as BankLedState;
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
    const all = finished(history);
    const stale = all.length > 2 * STALE && staleness(all) > Math.max(STALE, all.length / 2);
    const isRandom = () =>
      stale ? count % RANDOM_EVERY_STALE === RANDOM_EVERY_STALE - 1 : count % ROUND >= ROUND - RANDOM_OF_ROUND;
    const portfolio = bankPortfolio(setup, PORTFOLIO);
    const warm = portfolio.length > 0;
    while (proposed.length < n) {
      const due = count < PORTFOLIO && portfolio.find((design) => !taken.has(designKey(design)));
      if (due) {
        add(due, 'portfolio');
        continue;
      }
      if ((warm || count >= COLD_START) && !isRandom()) {
        queue = queue.filter((design) => !taken.has(designKey(design)));
        if (queue.length === 0 && all.length >= 2) {
          const wanted = Math.max(n - proposed.length, 1 + Math.floor(all.length / PER_EXTRA));
          const anew = !fitted || all.length >= GROWTH * fitted.count;
          const found = expectedDesigns(setup, all, history, taken, wanted, anew ? null : fitted, random);
          queue = found.designs;
          fitted = found.fitted;
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
  tell: (_setup, state, evaluated) => record(state as BankLedState, evaluated),
};
