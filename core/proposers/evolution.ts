/** Regularised evolution (Real, Aggarwal, Huang and Le 2019, arXiv 1802.01548): the oldest dies, whatever it was worth. */
import { Random } from '../math/random.ts';
import { drawNew, mutateNew } from './candidates.ts';
import { designKey, emptyHistory, finished, type History, record } from './history.ts';
import { bankPortfolio } from './portfolio.ts';
import type { Proposed, Proposer } from './proposer.ts';

const POPULATION = 20;
const TOURNAMENT = 5;

export const evolution: Proposer = {
  name: 'evolution',
  init: emptyHistory,
  ask(setup, state, n) {
    let history = state as History;
    const random = new Random(history.random);
    const alive = finished(history).slice(-POPULATION);
    const proposed: Proposed[] = [];
    while (proposed.length < n) {
      const taken = new Set(Object.keys(history.entries));
      const start = bankPortfolio(setup, POPULATION / 2).find((design) => !taken.has(designKey(design)));
      let next: Proposed | null = null;
      if (taken.size < POPULATION) {
        const design = start ?? drawNew(setup, taken, random);
        if (design) next = { design, origin: start ? 'portfolio' : 'random' };
      } else {
        const rivals = Array.from({ length: TOURNAMENT }, () => alive[random.integer(alive.length)]).filter((r) => !!r);
        const parent = rivals.reduce<(typeof rivals)[number] | undefined>(
          (a, b) => (a && a.loss <= b.loss ? a : b),
          undefined,
        );
        const mutated = parent && mutateNew(setup, parent.design, taken, random);
        const design = mutated ? mutated.design : drawNew(setup, taken, random);
        if (design) next = { design, origin: mutated ? 'mutation' : 'random' };
      }
      if (!next) break;
      history = { ...history, entries: { ...history.entries, [designKey(next.design)]: { design: next.design } } };
      proposed.push(next);
    }
    return { state: { ...history, random: random.state() }, proposed };
  },
  tell: (_setup, state, evaluated) => record(state as History, evaluated),
};
