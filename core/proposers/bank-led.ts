/**
 * The default: the bank's portfolio, then designs that a model of decisions and bank scores expects most of, and a tenth
 * of random designs, which keep the model honest and measure what the search is worth.
 */
import { Random } from '../math/random.ts';
import type { DesignRows } from '../predictors/design-kernel.ts';
import { expectedImprovement, fitDesignModel } from '../predictors/design-model.ts';
import type { Design } from '../spaces/space.ts';
import { drawNew, mutateNew, searchSpaceOf } from './candidates.ts';
import { designKey, emptyHistory, type Finished, finished, type History, record } from './history.ts';
import { bankPortfolio } from './portfolio.ts';
import type { Proposed, Proposer, ProposerSetup } from './proposer.ts';

/** Designs before the first model: of the bank, or random without one. */
const PORTFOLIO = 10;
const COLD_START = 8;
const RANDOM_EVERY = 10;
/** Evaluations that a model is fitted on: the best ones and a spread of the others. */
const MOST_FITTED = 160;
/** Designs whose uncertainty is worked out, best by mean. */
const SHORT_LIST = 400;
/** Designs drawn where there are more, and taken from the bank. */
const DRAWN = 1500;
const FROM_BANK = 400;

/** Few enough evaluations to fit quickly: the better half of the limit by loss, and evenly spaced others. */
function chooseFitted(all: readonly Finished[]): readonly Finished[] {
  if (all.length <= MOST_FITTED) return all;
  const byLoss = [...all].sort((a, b) => a.loss - b.loss);
  const best = byLoss.slice(0, MOST_FITTED / 2);
  const rest = byLoss.slice(MOST_FITTED / 2);
  const step = rest.length / (MOST_FITTED / 2);
  return [...best, ...Array.from({ length: MOST_FITTED / 2 }, (_, i) => rest[Math.floor(i * step)]!)];
}

/** What the model chooses from: the whole list where it is short; else draws, neighbours of the best, the bank's best. */
function pool(setup: ProposerSetup, history: History, all: readonly Finished[], random: Random) {
  const space = searchSpaceOf(setup);
  if (space.listed && space.listed.designs.length <= DRAWN) return space.listed;
  const taken = new Set(Object.keys(history.entries));
  const designs: Design[] = [];
  const keys: string[] = [];
  const add = (design: Design | null | undefined) => {
    if (!design) return;
    const key = designKey(design);
    if (taken.has(key)) return;
    taken.add(key);
    designs.push(design);
    keys.push(key);
  };
  for (const design of bankPortfolio(setup, FROM_BANK)) add(design);
  for (const { design } of [...all].sort((a, b) => a.loss - b.loss).slice(0, 12))
    for (let i = 0; i < 30; i++) {
      const mutated = mutateNew(setup, design, taken, random);
      if (!mutated) break;
      add(mutated.design);
    }
  for (let i = 0; i < DRAWN; i++) {
    const design = drawNew(setup, taken, random);
    if (!design) break;
    add(design);
  }
  return { designs, keys, rows: space.rowsOf(designs, keys) };
}

function takeRows(rows: DesignRows, picked: readonly number[]): DesignRows {
  const width = rows.count > 0 ? rows.codes.length / rows.count : 0;
  const codes = new Uint8Array(picked.length * width);
  const bank = new Float32Array(picked.length * rows.tasks);
  picked.forEach((row, i) => {
    codes.set(rows.codes.subarray(row * width, (row + 1) * width), i * width);
    bank.set(rows.bank.subarray(row * rows.tasks, (row + 1) * rows.tasks), i * rows.tasks);
  });
  return { count: picked.length, codes, bank, tasks: rows.tasks };
}

/** The designs that the model expects most of, best first. */
function expected(setup: ProposerSetup, history: History, count: number, random: Random): Design[] {
  const all = finished(history);
  if (all.length < 2) return [];
  const space = searchSpaceOf(setup);
  const fitted = chooseFitted(all);
  const known = space.rowsOf(fitted.map(({ design }) => design));
  const model = fitDesignModel(
    space.kernel,
    known,
    fitted.map(({ loss }) => loss),
  );
  const { designs, keys, rows } = pool(setup, history, all, random);
  const mean = model.means(rows);
  const open = Array.from(mean.keys()).filter((i) => !history.entries[keys[i]!]);
  open.sort((a, b) => mean[a]! - mean[b]!);
  const short = open.slice(0, SHORT_LIST);
  const { mean: means, deviation } = model.predict(takeRows(rows, short));
  const gains = short.map((_, i) => expectedImprovement(means[i]!, deviation[i]!, model.best));
  const order = short.map((_, i) => i).sort((a, b) => gains[b]! - gains[a]!);
  return order.slice(0, count).map((i) => designs[short[i]!]!);
}

export const bankLed: Proposer = {
  name: 'default',
  init: emptyHistory,
  ask(setup, state, n) {
    let history = state as History;
    const random = new Random(history.random);
    const proposed: Proposed[] = [];
    const add = (design: Design, origin: string) => {
      history = { ...history, entries: { ...history.entries, [designKey(design)]: { design } } };
      proposed.push({ design, origin });
    };
    const portfolio = bankPortfolio(setup, PORTFOLIO);
    while (proposed.length < n) {
      const count = Object.keys(history.entries).length;
      const due = portfolio.find((design) => !history.entries[designKey(design)]);
      if (due && count < PORTFOLIO) {
        add(due, 'portfolio');
        continue;
      }
      const modelled =
        (portfolio.length > 0 || count >= COLD_START) && count % RANDOM_EVERY !== RANDOM_EVERY - 1
          ? expected(setup, history, n - proposed.length, random)
          : [];
      // A batch may not skip a random turn.
      const untilRandom = RANDOM_EVERY - 1 - (count % RANDOM_EVERY);
      for (const design of modelled.slice(0, Math.max(1, untilRandom))) add(design, 'predictor');
      if (modelled.length > 0) continue;
      const design = drawNew(setup, new Set(Object.keys(history.entries)), random);
      if (!design) break;
      add(design, 'random');
    }
    return { state: { ...history, random: random.state() }, proposed };
  },
  tell: (_setup, state, evaluated) => record(state as History, evaluated),
};
