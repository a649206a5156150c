/**
 * Boosting designs that start every search, in order: one oblivious default and leaf-wise designs chosen for
 * diversity from published zero-shot portfolios (AutoGluon's GBM r177 and r163; TabRepo, Salinas and Erickson 2024).
 * Rates are faster and rounds fewer than published: leaves times rounds bound the exported file, about 24 bytes a node.
 */
import type { Design } from './design.ts';

export interface NamedDesign {
  readonly name: string;
  readonly design: Design;
}

export const boostingPortfolio: readonly NamedDesign[] = [
  {
    name: 'CAT',
    design: {
      growth: 'oblivious',
      rounds: 1000,
      learningRate: 'auto',
      depth: 6,
      l2: 3,
      randomStrength: 1,
      bagging: 0.8,
      leafSteps: 3,
      oneHotLimit: 60,
    },
  },
  {
    name: 'XT177',
    design: {
      growth: 'leafwise',
      extraTrees: true,
      rounds: 2000,
      learningRate: 0.05,
      leaves: 39,
      featureFraction: 0.46,
      bagging: 0.88,
      minRows: 3,
      l1: 0.24,
      l2: 0.36,
      oneHotLimit: 60,
    },
  },
  {
    name: 'DEEP163',
    design: {
      growth: 'leafwise',
      rounds: 1500,
      learningRate: 0.05,
      leaves: 84,
      featureFraction: 0.53,
      bagging: 0.98,
      minRows: 3,
      l1: 0.03,
      l2: 0.84,
      oneHotLimit: 60,
    },
  },
  {
    name: 'SHALLOW',
    design: {
      growth: 'leafwise',
      rounds: 3000,
      learningRate: 0.05,
      leaves: 6,
      featureFraction: 0.75,
      bagging: 0.9,
      minRows: 10,
      l2: 1,
      oneHotLimit: 60,
    },
  },
  {
    name: 'PAIRS',
    design: {
      growth: 'leafwise',
      rounds: 1500,
      learningRate: 0.05,
      leaves: 31,
      featureFraction: 0.3,
      bagging: 0.9,
      minRows: 5,
      l2: 1,
      oneHotLimit: 255,
      pairs: 8,
    },
  },
];
