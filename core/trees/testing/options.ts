/** Options of small tests: trees of squared errors without any randomness. */
import type { BoostOptions } from '../boost.ts';

export const plainOptions: BoostOptions = {
  loss: 'squared',
  classes: 1,
  growth: 'leafwise',
  rounds: 100,
  learningRate: 0.2,
  leaves: 8,
  depth: 0,
  extraTrees: false,
  sharedTrees: false,
  featureFraction: 1,
  bagging: 1,
  minRows: 5,
  minHessian: 1e-3,
  l1: 0,
  l2: 1,
  randomStrength: 0,
  leafSteps: 1,
  seed: 1,
};
