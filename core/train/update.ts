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
  readonly contrib: boolean;
  /** Per-number factors of learning rate and decay, or null where all are 1. */
  readonly rate: Float32Array | null;
  readonly decayFactor: Float32Array | null;
}

export type Updated = Pick<OptimizerState, 'parameters' | 'first' | 'second'>;

/** x + gate·y with a gate per member. */
export function addScaled(e: Emitter, contrib: boolean, x: string, y: string, gate: string): string {
  return contrib
    ? e.graph.node('GatedAdd', [x, y, gate], undefined, { domain: 'com.microsoft' })
    : e.add(x, e.mul(y, gate));
}

/** A constant gate [K, 1]. */
export const gate = (e: Emitter, members: number, value: number): string =>
  e.constant(new Float32Array(members).fill(value), [members, 1]);

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
  const { contrib, rate, decay, decayFactor } = options;
  const n = state.shape[1];
  const rated = rate ? e.mul(direction, e.constant(rate, [1, n])) : direction;
  const back = e.op('Neg', [step.stepSize]);
  if (!decay) return addScaled(e, contrib, state.parameters, rated, back);
  if (decayFactor === null) return addScaled(e, contrib, e.mul(rated, back), state.parameters, step.keep);
  const shrink = e.mul(state.parameters, e.constant(decayFactor, [1, n]));
  const advanced = addScaled(e, contrib, state.parameters, rated, back);
  return addScaled(e, contrib, advanced, shrink, e.op('Neg', [step.keep]));
}
