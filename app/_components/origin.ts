/** Where a trial came from, as a shape, a colour token and a word; the same in tables, charts, trees and reports. */
import type { TrialOrigin } from '#core/contracts/task.ts';

export interface OriginLook {
  readonly word: string;
  /** What it means, for hints. */
  readonly meaning: string;
  /** Filled SVG path in a 12 by 12 box; shapes differ so that they work without colour. */
  readonly path: string;
  /** Tailwind text colour; the mark is drawn in `currentColor`. */
  readonly text: string;
  /** CSS variable of the colour, for charts. */
  readonly token: string;
}

export const origins: Record<TrialOrigin, OriginLook> = {
  portfolio: {
    word: 'portfolio',
    meaning: 'From the bank’s list of designs that win on many past tasks',
    path: 'M2.6 2.6h6.8v6.8H2.6Z',
    text: 'text-origin-portfolio',
    token: '--color-origin-portfolio',
  },
  prior: {
    word: 'prior',
    meaning: 'Drawn from what worked on similar past tasks',
    path: 'M6 1.2 10.8 6 6 10.8 1.2 6Z',
    text: 'text-origin-prior',
    token: '--color-origin-prior',
  },
  predictor: {
    word: 'predictor',
    meaning: 'Chosen by the model that predicts scores of untried designs',
    path: 'M6 1.4 10.6 9.8H1.4Z',
    text: 'text-origin-predictor',
    token: '--color-origin-predictor',
  },
  mutation: {
    word: 'mutation',
    meaning: 'A small change of a good design of this search',
    path: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z',
    text: 'text-origin-mutation',
    token: '--color-origin-mutation',
  },
  random: {
    word: 'random arm',
    meaning: 'Drawn at random, blind to the bank, to measure what the prior is worth',
    path: 'M2.57 1.43 6 4.86l3.43-3.43 1.14 1.14L7.14 6l3.43 3.43-1.14 1.14L6 7.14l-3.43 3.43-1.14-1.14L4.86 6 1.43 2.57Z',
    text: 'text-origin-random',
    token: '--color-origin-random',
  },
  manual: {
    word: 'by hand',
    meaning: 'Asked for by a person',
    path: 'M6 .9 7.4 4.3 11 4.6 8.3 7 9.1 10.6 6 8.7 2.9 10.6 3.7 7 1 4.6 4.6 4.3Z',
    text: 'text-origin-manual',
    token: '--color-origin-manual',
  },
};
