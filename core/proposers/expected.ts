/** The designs that a model fitted on what is known expects most of. */
import type { Random } from '../math/random.ts';
import { indicesOfSmallest } from '../math/select.ts';
import { type DesignRows, takeRows } from '../predictors/design-kernel.ts';
import { fitDesignModel } from '../predictors/design-model.ts';
import { normalScores } from '../predictors/normal-scores.ts';
import { linearMeans } from '../predictors/sieve.ts';
import type { Design } from '../spaces/space.ts';
import {
  drawNew,
  keysOf,
  mutateNew,
  type SearchSpace,
  searchSpaceOf,
  type Taken,
  type TakenKeys,
} from './candidates.ts';
import { designKey, type Finished, type History } from './history.ts';
import { bankPortfolio } from './portfolio.ts';
import type { ProposerSetup } from './proposer.ts';

/** Which kernels were chosen, at how many evaluations. */
export interface Fitted {
  readonly choices: readonly number[];
  readonly count: number;
}

/** Kernels are weighed anew when there are so many times as many evaluations. */
const GROWTH = 1.25;

/** The fit whose kernels still hold at so many evaluations; null where they are to be weighed anew. */
export const keptFit = (before: Fitted | null, count: number): Fitted | null =>
  before && count < GROWTH * before.count ? before : null;

/** Evaluations that a model is fitted on: the best ones and a spread of the others. */
const MOST_FITTED = 120;
/** Designs that the model looks at: best by a linear model, like the best so far, best in the bank, and any. */
const SIEVED = 600;
const LIKE_BEST = 300;
const OF_BANK = 100;
const ANY = 150;
/** Parents whose likes are looked at. */
const PARENTS = 4;
/** Designs whose uncertainty is worked out, best by mean. */
const SHORT_LIST = 80;
/** Deviations below the mean that count: little, for evaluations are few and the random share explores too. */
const BOUND = 0.3;
/** Designs drawn where they are not listed. */
const DRAWN = 800;

/** Few enough evaluations to fit quickly: the better half of the limit by loss, and evenly spaced others. */
function chooseFitted(sorted: readonly Finished[]): readonly Finished[] {
  if (sorted.length <= MOST_FITTED) return sorted;
  const best = sorted.slice(0, MOST_FITTED / 2);
  const rest = sorted.slice(MOST_FITTED / 2);
  const step = rest.length / (MOST_FITTED / 2);
  return [...best, ...Array.from({ length: MOST_FITTED / 2 }, (_, i) => rest[Math.floor(i * step)]!)];
}

/** Failed designs count as the worst that finished, so that their likes are left alone. */
function withFailures(all: readonly Finished[], history: History): Finished[] {
  const worst = all.reduce((most, { loss }) => Math.max(most, loss), Number.NEGATIVE_INFINITY);
  const failed = Object.values(history.entries).filter(({ losses }) => losses === null);
  return [...all, ...failed.map(({ design }) => ({ design, loss: worst }))].sort((a, b) => a.loss - b.loss);
}

interface Pool {
  readonly designs: readonly Design[];
  readonly rows: DesignRows;
}

/** Listed designs worth a look. */
function poolOfListed(
  { kernel, listed }: SearchSpace,
  known: DesignRows,
  scores: Float64Array,
  taken: TakenKeys,
  asksBank: boolean,
  random: Random,
): Pool {
  const { designs, rows, byBank } = listed!;
  const { indexOf } = keysOf(designs);
  const closed = new Uint8Array(designs.length);
  for (const key of taken.keys()) {
    const i = indexOf.get(key);
    if (i !== undefined) closed[i] = 1;
  }
  const places = new Int32Array(designs.length);
  let count = 0;
  for (let i = 0; i < closed.length; i++) if (closed[i] === 0) places[count++] = i;
  const open = places.subarray(0, count);
  let picked: ArrayLike<number> = open;
  if (open.length > SIEVED + LIKE_BEST + OF_BANK + ANY) {
    const chosen = new Set<number>();
    const means = linearMeans(kernel, known, scores, rows, asksBank);
    if (means) for (const i of indicesOfSmallest(means, open, SIEVED)) chosen.add(i);
    const best = takeRows(known, indicesOfSmallest(scores, Array.from(scores.keys()), PARENTS));
    for (const i of indicesOfSmallest(kernel.nearest(best, rows), open, LIKE_BEST)) chosen.add(i);
    for (let k = 0, added = 0; k < byBank.length && added < OF_BANK; k++) {
      if (closed[byBank[k]!] === 1) continue;
      chosen.add(byBank[k]!);
      added++;
    }
    for (let k = 0; k < ANY; k++) chosen.add(open[random.integer(open.length)]!);
    picked = [...chosen];
  }
  return { designs: Array.from(picked, (i) => designs[i]!), rows: takeRows(rows, picked) };
}

/** Draws, mutations of the best, and what the bank recommends. */
function poolOfDrawn(setup: ProposerSetup, sorted: readonly Finished[], taken: Taken, random: Random): Pool {
  const found = new Map<string, Design>();
  const both = { has: (key: string) => taken.has(key) || found.has(key) };
  const add = (design: Design) => {
    const key = designKey(design);
    if (!both.has(key)) found.set(key, design);
  };
  for (const design of bankPortfolio(setup, OF_BANK)) add(design);
  for (const { design } of sorted.slice(0, PARENTS)) {
    for (let i = 0; i < LIKE_BEST / PARENTS; i++) {
      const mutated = mutateNew(setup, design, both, random);
      if (!mutated) break;
      add(mutated.design);
    }
  }
  for (let i = 0; i < DRAWN; i++) {
    const design = drawNew(setup, both, random);
    if (!design) break;
    add(design);
  }
  const designs = [...found.values()];
  return { designs, rows: searchSpaceOf(setup).rowsOf(designs, [...found.keys()]) };
}

/** Up to `count` new designs, best first. `all` are at least two evaluations. */
export function expectedDesigns(
  setup: ProposerSetup,
  all: readonly Finished[],
  history: History,
  taken: TakenKeys,
  count: number,
  before: Fitted | null,
  random: Random,
): { readonly designs: readonly Design[]; readonly fitted: Fitted } {
  const space = searchSpaceOf(setup);
  const sorted = withFailures(all, history);
  const chosen = chooseFitted(sorted);
  const known = space.rowsOf(chosen.map(({ design }) => design));
  const losses = chosen.map(({ loss }) => loss);
  const model = fitDesignModel(space.kernel, known, losses, before?.choices);
  const fitted = before ?? { choices: model.choices, count: all.length };
  const { designs, rows } = space.listed
    ? poolOfListed(space, known, normalScores(losses), taken, model.trust > 0.3, random)
    : poolOfDrawn(setup, sorted, taken, random);
  const short = indicesOfSmallest(model.means(rows), Array.from(designs.keys()), Math.max(SHORT_LIST, count));
  const { mean, deviation } = model.predict(takeRows(rows, short));
  const hopes = mean.map((m, i) => m - BOUND * deviation[i]!);
  const order = Array.from(short.keys()).sort((a, b) => hopes[a]! - hopes[b]!);
  return { designs: order.slice(0, count).map((i) => designs[short[i]!]!), fitted };
}
