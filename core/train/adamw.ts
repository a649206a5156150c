/** AdamW (Loshchilov and Hutter 2019) on flat vectors, in as few passes over memory as the kernels allow. */
import type { Emitter } from '../ops/emitter.ts';

export interface AdamState {
  readonly parameters: string;
  readonly first: string;
  readonly second: string;
  readonly gradient: string;
  /** [K, n] */
  readonly shape: readonly [number, number];
}

/** Names of [K, 1] values; `adamScalars` computes what they hold. */
export interface AdamStep {
  readonly stepSize: string;
  readonly epsilon: string;
  /** 1 - learning rate · weight decay; where decay factors differ, learning rate · weight decay instead. */
  readonly keep: string;
}

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly decay: boolean;
  readonly clipNorm: number | null;
  readonly contrib: boolean;
  /** Per-number factors of learning rate and decay, or null where all are 1. */
  readonly rate: Float32Array | null;
  readonly decayFactor: Float32Array | null;
}

/**
 * Moments are kept divided by (1 - beta): first' = beta1·first + g, second' = beta2·second + g²,
 * parameters' = keep·parameters - stepSize·first' / (sqrt(second') + epsilon).
 */
export function emitAdamW(
  e: Emitter,
  state: AdamState,
  step: AdamStep,
  options: AdamOptions,
): Pick<AdamState, 'parameters' | 'first' | 'second'> {
  const [members, n] = state.shape;
  /** x + gate·y with a gate per member. */
  const addScaled = (x: string, y: string, gate: string): string =>
    options.contrib
      ? e.graph.node('GatedAdd', [x, y, gate], undefined, { domain: 'com.microsoft' })
      : e.add(x, e.mul(y, gate));
  const gate = (value: number): string => e.constant(new Float32Array(members).fill(value), [members, 1]);
  const gradient = options.clipNorm === null ? state.gradient : clipped(e, state.gradient, options.clipNorm);
  const first = addScaled(gradient, state.first, gate(options.beta1));
  const second = addScaled(e.mul(gradient, gradient), state.second, gate(options.beta2));
  let direction = e.div(first, e.add(e.op('Sqrt', [second]), step.epsilon));
  if (options.rate) direction = e.mul(direction, e.constant(options.rate, [1, n]));
  const back = e.op('Neg', [step.stepSize]);
  let parameters: string;
  if (!options.decay) parameters = addScaled(state.parameters, direction, back);
  else if (options.decayFactor === null) parameters = addScaled(e.mul(direction, back), state.parameters, step.keep);
  else {
    const shrink = e.mul(state.parameters, e.constant(options.decayFactor, [1, n]));
    parameters = addScaled(addScaled(state.parameters, direction, back), shrink, e.op('Neg', [step.keep]));
  }
  return { parameters, first, second };
}

/** The gradient, shortened to the norm `limit` per member where it is longer. */
function clipped(e: Emitter, gradient: string, limit: number): string {
  const norm = e.op('Sqrt', [e.reduceSum(e.mul(gradient, gradient), [1])]);
  const factor = e.op('Min', [e.div(e.scalar(limit), e.add(norm, e.scalar(1e-12))), e.scalar(1)]);
  return e.mul(gradient, factor);
}

/**
 * The scalars of update number `t` (from 1) for moments that are kept divided by (1 - beta): with
 * c = sqrt((1 - beta2) / (1 - beta2^t)), the usual update is rate·(1 - beta1)/(1 - beta1^t)/c · first / (sqrt(second) + epsilon/c).
 */
export function adamScalars(
  t: number,
  rate: number,
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
): { stepSize: number; epsilon: number } {
  const c = Math.sqrt((1 - beta2) / (1 - beta2 ** t));
  return { stepSize: (rate * (1 - beta1)) / (1 - beta1 ** t) / c, epsilon: epsilon / c };
}
