/** What every optimizer does with the flat vectors [K, n] of a training run. */
import type { Emitter } from '../ops/emitter.ts';

/** Names of values [K, n] in the graph. */
export interface OptimizerState {
  readonly parameters: string;
  readonly first: string;
  readonly second: string;
  readonly gradient: string;
  /** [K, n] */
  readonly shape: readonly [number, number];
}

/** Names of [K, 1] values; `stepScalars` computes what they hold. */
export interface OptimizerStep {
  readonly stepSize: string;
  readonly epsilon: string;
  /** 1 - learning rate · weight decay; where decay factors differ, learning rate · weight decay instead. */
  readonly keep: string;
}

export interface OptimizerOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly decay: boolean;
  /** Largest L2 norm of the gradient, of all members or of each, or null. */
  readonly clipNorm: number | readonly number[] | null;
  /** Per-number factors of learning rate and decay, or null where all are 1. */
  readonly rate: Float32Array | null;
  readonly decayFactor: Float32Array | null;
}

export type Updated = Pick<OptimizerState, 'parameters' | 'first' | 'second'>;

/** The gradient, shortened to the norm `limit` per member where it is longer. */
export function clipped(e: Emitter, gradient: string, limit: OptimizerOptions['clipNorm']): string {
  if (limit === null) return gradient;
  const norm = e.op('Sqrt', [e.reduceSum(e.mul(gradient, gradient), [1])]);
  const limits = typeof limit === 'number' ? e.scalar(limit) : e.constant(limit, [limit.length, 1]);
  const factor = e.op('Min', [e.div(limits, e.add(norm, e.scalar(1e-12))), e.scalar(1)]);
  return e.mul(gradient, factor);
}

/** parameters - stepSize · rate · direction, with decoupled weight decay. */
export function moved(
  e: Emitter,
  state: OptimizerState,
  direction: string,
  step: OptimizerStep,
  options: OptimizerOptions,
): string {
  const { rate, decay, decayFactor } = options;
  const { parameters, shape } = state;
  const rated = rate ? e.mul(direction, e.constant(rate, [1, shape[1]])) : direction;
  const back = e.op('Neg', [step.stepSize]);
  if (!decay) return e.addScaled(parameters, rated, back, shape);
  if (decayFactor === null) return e.addScaled(e.mul(rated, back), parameters, step.keep, shape);
  const shrink = e.mul(parameters, e.constant(decayFactor, [1, shape[1]]));
  const advanced = e.addScaled(parameters, rated, back, shape);
  return e.addScaled(advanced, shrink, e.op('Neg', [step.keep]), shape);
}
