/** The decisions of the boosting learner, with the values used where a design leaves them out. */
import type { Target } from '../../contracts/learner.ts';
import { quantileOf } from '../../metrics/regression.ts';
import type { BoostOptions } from '../../trees/boost.ts';

export type Design = Readonly<Record<string, string | number | boolean>>;

export interface BoostingDesign extends Omit<BoostOptions, 'loss' | 'level' | 'classes' | 'seed' | 'plan'> {
  /** `auto` fits the metric; the others are losses of numbers, the last two for targets that are never negative. */
  readonly objective: 'auto' | 'squared' | 'poisson' | 'tweedie';
  /** Most bins per numeric column. */
  readonly bins: number;
  /** Largest number of categories tested one against the rest; larger columns get target statistics. */
  readonly oneHotLimit: number;
  /** How many numeric columns are paired with each other, see `choosePairs`; 0 for none. */
  readonly pairs: number;
}

const defaults: BoostingDesign = {
  objective: 'auto',
  growth: 'leafwise',
  rounds: 2000,
  learningRate: 0.05,
  leaves: 31,
  depth: 0,
  extraTrees: false,
  sharedTrees: false,
  featureFraction: 1,
  bagging: 1,
  minRows: 20,
  minHessian: 1e-3,
  l1: 0,
  // Without L2, leaves of rare classes take steps of 1 / hessian and boosting diverges.
  l2: 1,
  randomStrength: 0,
  leafSteps: 1,
  bins: 255,
  oneHotLimit: 60,
  pairs: 0,
};

/** A few trees that tell which columns matter. */
export const probeDesign: BoostingDesign = {
  ...defaults,
  rounds: 30,
  learningRate: 0.2,
  minRows: 5,
  sharedTrees: true,
};

/** Fills a flat design up. Throws a TypeError that names the decision when a value has the wrong type. */
export function readBoostingDesign(design: Design): BoostingDesign {
  const read: Record<string, string | number | boolean> = { ...defaults };
  for (const [name, fallback] of Object.entries(defaults)) {
    const value = design[name];
    if (value === undefined) continue;
    const fits = typeof value === typeof fallback || (name === 'learningRate' && value === 'auto');
    if (!fits) throw new TypeError(`Decision ${name} of boosting cannot be ${JSON.stringify(value)}.`);
    read[name] = value;
  }
  return read as unknown as BoostingDesign;
}

/** The loss that fits a problem and its metric. */
export function lossFor(
  target: Pick<Target, 'problem' | 'classes' | 'zero'>,
  objective: BoostingDesign['objective'] = 'auto',
  metric = '',
): Pick<BoostOptions, 'loss' | 'classes' | 'level'> {
  if (target.problem === 'binary') return { loss: 'logistic', classes: 2 };
  if (target.problem === 'multiclass') return { loss: 'softmax', classes: target.classes };
  if (objective === 'poisson' || objective === 'tweedie') {
    return { loss: target.zero === undefined ? 'squared' : objective, classes: 1 };
  }
  const level = objective === 'auto' ? quantileOf(metric) : null;
  return level === null ? { loss: 'squared', classes: 1 } : { loss: 'quantile', classes: 1, level };
}
