/** Uniform draws without repeats: what every other proposer is measured against. */
import { Random } from '../math/random.ts';
import { drawNew } from './candidates.ts';
import { designKey, emptyHistory, type History, record } from './history.ts';
import type { Proposed, Proposer } from './proposer.ts';

export const randomProposer: Proposer = {
  name: 'random',
  init: emptyHistory,
  ask(setup, state, n) {
    const history = state as History;
    const random = new Random(history.random);
    const taken = new Set(Object.keys(history.entries));
    const entries = { ...history.entries };
    const proposed: Proposed[] = [];
    while (proposed.length < n) {
      const design = drawNew(setup, taken, random);
      if (!design) break;
      const key = designKey(design);
      taken.add(key);
      entries[key] = { design };
      proposed.push({ design, origin: 'random' });
    }
    return { state: { ...history, random: random.state(), entries }, proposed };
  },
  tell: (_setup, state, evaluated) => record(state as History, evaluated),
};
