/**
 * The default where several objectives are traded off: the bank's front first, then designs that models of the
 * objectives expect to widen the front most, and a tenth at random, which keeps the models honest.
 */
import { expectedFront, type FittedObjectives } from './expected-front.ts';
import { frontPortfolio } from './front-portfolio.ts';
import { modelLed } from './model-led.ts';

/** Designs before the first models: of the bank, or random without one. */
const PORTFOLIO = 5;
const COLD_START = 8;
/** One in so many is random. */
const RANDOM_EVERY = 10;
/** Evaluations for each further design that is taken from one fit. */
const PER_EXTRA = 250;

export const pareto = modelLed<FittedObjectives>('pareto', PORTFOLIO, [], (setup, history) => {
  const portfolio = frontPortfolio(setup, PORTFOLIO);
  // One fit serves the whole batch.
  let isFitted = false;
  return {
    portfolio,
    start: portfolio.length > 0 ? portfolio.length : COLD_START,
    isRandom: (count) => count % RANDOM_EVERY === RANDOM_EVERY - 1,
    expect(missing, count, taken, before, random) {
      if (isFitted) return null;
      isFitted = true;
      const wanted = Math.max(missing, 1 + Math.floor(count / PER_EXTRA));
      return expectedFront(setup, history, taken, wanted, before, random);
    },
  };
});
