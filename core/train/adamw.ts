/** AdamW (Loshchilov and Hutter 2019) on flat vectors, in as few passes over memory as the kernels allow. */
import type { Emitter } from '../ops/emitter.ts';
import {
  clipped,
  moved,
  type OptimizerOptions,
  type OptimizerState,
  type OptimizerStep,
  type Updated,
} from './update.ts';

/**
 * Moments are kept divided by (1 - beta): first' = beta1·first + g, second' = beta2·second + g²,
 * parameters' = keep·parameters - stepSize·first' / (sqrt(second') + epsilon).
 */
export function emitAdamW(e: Emitter, state: OptimizerState, step: OptimizerStep, options: OptimizerOptions): Updated {
  const { beta1, beta2, clipNorm } = options;
  const gradient = clipped(e, state.gradient, clipNorm);
  const first = e.addScaled(gradient, state.first, beta1, state.shape);
  const second = e.addScaled(e.mul(gradient, gradient), state.second, beta2, state.shape);
  const direction = e.div(first, e.add(e.op('Sqrt', [second]), step.epsilon));
  return { parameters: moved(e, state, direction, step, options), first, second };
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
