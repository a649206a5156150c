/**
 * The default: the bank's first designs, then designs that a model of decisions and bank scores expects most of, and a
 * share of random designs, which keep the model honest and measure what the search is worth.
 */
import { searchSpaceOf } from './candidates.ts';
import { expectedDesigns, type Fitted, keptFit } from './expected.ts';
import { type Finished, finished } from './history.ts';
import { modelLed } from './model-led.ts';
import { bankPortfolio } from './portfolio.ts';

/** Designs before the first model: of the bank, or random without one. */
const PORTFOLIO = 4;
const COLD_START = 8;
/** The last two of so many are random, after the first guesses of the model; one in three where nothing better has come for long. */
const ROUND = 20;
const RANDOM_OF_ROUND = 2;
const RANDOM_EVERY_STALE = 3;
const STALE = 60;
/** Evaluations for each further design that is taken from one fit. */
const PER_EXTRA = 80;

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

export const bankLed = modelLed<Fitted | null>('default', PORTFOLIO, null, (setup, history) => {
  // Designs are encoded now, so that no later ask waits for it.
  searchSpaceOf(setup);
  const all = finished(history);
  const stale = all.length > 2 * STALE && staleness(all) > Math.max(STALE, all.length / 2);
  const portfolio = bankPortfolio(setup, PORTFOLIO);
  return {
    portfolio,
    start: portfolio.length > 0 ? 0 : COLD_START,
    isRandom: (count) =>
      stale ? count % RANDOM_EVERY_STALE === RANDOM_EVERY_STALE - 1 : count % ROUND >= ROUND - RANDOM_OF_ROUND,
    expect(missing, _count, taken, before, random) {
      if (all.length < 2) return null;
      const wanted = Math.max(missing, 1 + Math.floor(all.length / PER_EXTRA));
      return expectedDesigns(setup, all, history, taken, wanted, keptFit(before, all.length), random);
    },
  };
});
