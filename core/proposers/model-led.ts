/**
 * What proposers that ask a model share: first designs, then those that the model expects most of, some at random in
 * between, and a queue of what one fit said beyond what was asked for.
 */
import { Random } from '../math/random.ts';
import type { Design } from '../spaces/space.ts';
import { drawNew, type TakenKeys } from './candidates.ts';
import { designKey, emptyHistory, type History, record } from './history.ts';
import type { Proposed, Proposer, ProposerSetup } from './proposer.ts';

export interface Expected<Fitted> {
  readonly designs: readonly Design[];
  readonly fitted: Fitted;
}

/** What leads one ask. */
export interface Lead<Fitted> {
  /** First designs, best first. */
  readonly portfolio: readonly Design[];
  /** Designs before the model is asked. */
  readonly start: number;
  /** Whether the design after `count` others is a random one. */
  isRandom(count: number): boolean;
  /**
   * The designs that a model expects most of; null where none can be fitted.
   * @param missing designs that the ask still lacks
   * @param count designs proposed or told so far
   */
  expect(missing: number, count: number, taken: TakenKeys, before: Fitted, random: Random): Expected<Fitted> | null;
}

interface LedState<Fitted> extends History {
  readonly fitted: Fitted;
  /** Designs of the last fit that were not proposed yet. */
  readonly queue: readonly Design[];
}

/**
 * @param size first designs that are taken of a portfolio
 * @param unfitted what is kept of a fit before there was one
 */
export function modelLed<Fitted>(
  name: string,
  size: number,
  unfitted: Fitted,
  leadOf: (setup: ProposerSetup, history: History) => Lead<Fitted>,
): Proposer {
  return {
    name,
    init: (setup) => ({ ...emptyHistory(setup), fitted: unfitted, queue: [] }),
    ask(setup, state, n) {
      const history = state as LedState<Fitted>;
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
      const lead = leadOf(setup, history);
      while (proposed.length < n) {
        const due = count < size && lead.portfolio.find(isNew);
        if (due) {
          add(due, 'portfolio');
          continue;
        }
        if (count >= lead.start && !lead.isRandom(count)) {
          queue = queue.filter(isNew);
          if (queue.length === 0) {
            const found = lead.expect(n - proposed.length, count, taken, fitted, random);
            queue = found?.designs ?? [];
            fitted = found?.fitted ?? fitted;
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
    tell: (_setup, state, evaluated) => record(state as LedState<Fitted>, evaluated),
  };
}
