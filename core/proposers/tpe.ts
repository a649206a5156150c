/**
 * Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl 2011) over options: the share of each option
 * among the better designs against its share among the others, decision by decision.
 */
import { Random } from '../math/random.ts';
import { INACTIVE } from '../predictors/encoding.ts';
import type { Design } from '../spaces/space.ts';
import { drawNew, mutateNew, searchSpaceOf } from './candidates.ts';
import { designKey, emptyHistory, finished, type History, record } from './history.ts';
import { bankPortfolio } from './portfolio.ts';
import type { Proposed, Proposer, ProposerSetup } from './proposer.ts';

/** Designs before the first estimate, at most half of them the bank's. */
const START = 10;
/** Share of the designs that are called better. */
const BETTER = 0.15;
/** Designs that are weighed for each proposal: drawn, and mutations of the better ones. */
const DRAWN = 60;
const MUTATED = 24;
/** Random designs that every share is mixed with. */
const PRIOR = 1;

/** Log ratios of shares by column and level, [columns, 256]. */
function ratios(setup: ProposerSetup, better: readonly Design[], others: readonly Design[]): Float64Array {
  const { kernel, codesOf } = searchSpaceOf(setup);
  const { columns } = kernel;
  const shares = (designs: readonly Design[]) => {
    const codes = codesOf(designs);
    const counts = new Float64Array(columns * 256);
    for (let i = 0; i < designs.length; i++)
      for (let d = 0; d < columns; d++) counts[d * 256 + codes[i * columns + d]!]!++;
    return counts.map((count, at) => {
      const levels = kernel.tables.size - 1;
      const open = designs.length - counts[Math.floor(at / 256) * 256 + INACTIVE]!;
      return Math.log((count + PRIOR / levels) / (open + PRIOR));
    });
  };
  const [good, bad] = [shares(better), shares(others)];
  return good.map((share, at) => (at % 256 === INACTIVE ? 0 : share - bad[at]!));
}

export const tpe: Proposer = {
  name: 'tpe',
  init: emptyHistory,
  ask(setup, state, n) {
    const history = state as History;
    const random = new Random(history.random);
    const entries = { ...history.entries };
    const taken = { has: (key: string) => key in entries };
    const { kernel, codesOf } = searchSpaceOf(setup);
    const { columns } = kernel;
    const sorted = finished(history).sort((a, b) => a.loss - b.loss);
    const proposed: Proposed[] = [];
    let table: Float64Array | null = null;
    const better = sorted.slice(0, Math.max(2, Math.ceil(BETTER * sorted.length))).map(({ design }) => design);
    while (proposed.length < n) {
      let next: Proposed | null = null;
      if (sorted.length < START) {
        const known = bankPortfolio(setup, START / 2).find((design) => !taken.has(designKey(design)));
        const design = known ?? drawNew(setup, taken, random);
        if (design) next = { design, origin: known ? 'portfolio' : 'random' };
      } else {
        table ??= ratios(
          setup,
          better,
          sorted.slice(better.length).map(({ design }) => design),
        );
        const pool: Design[] = [];
        for (let i = 0; i < DRAWN; i++)
          pool.push(...[drawNew(setup, taken, random)].filter((design) => design !== null));
        for (let i = 0; i < MUTATED; i++) {
          const mutated = mutateNew(setup, better[random.integer(better.length)]!, taken, random);
          if (mutated) pool.push(mutated.design);
        }
        const codes = codesOf(pool);
        let most = Number.NEGATIVE_INFINITY;
        pool.forEach((design, i) => {
          let sum = 0;
          for (let d = 0; d < columns; d++) sum += table![d * 256 + codes[i * columns + d]!]!;
          if (sum <= most) return;
          most = sum;
          next = { design, origin: 'estimate' };
        });
      }
      if (!next) break;
      entries[designKey(next.design)] = { design: next.design };
      proposed.push(next);
    }
    return { state: { ...history, random: random.state(), entries }, proposed };
  },
  tell: (_setup, state, evaluated) => record(state as History, evaluated),
};
