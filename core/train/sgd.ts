/** Stochastic gradient descent with Nesterov momentum (Sutskever and others 2013) on flat vectors. */
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
 * With momentum beta1: first' = beta1·first + g, parameters' = keep·parameters - stepSize·(g + beta1·first'); plain
 * descent where beta1 is 0. `second` stays as it is.
 */
export function emitSgd(e: Emitter, state: OptimizerState, step: OptimizerStep, options: OptimizerOptions): Updated {
  const { beta1, clipNorm } = options;
  const gradient = clipped(e, state.gradient, clipNorm);
  if (beta1 === 0) return { ...state, parameters: moved(e, state, gradient, step, options) };
  const first = e.addScaled(gradient, state.first, beta1, state.shape);
  const direction = e.addScaled(gradient, first, beta1, state.shape);
  return { parameters: moved(e, state, direction, step, options), first, second: state.second };
}
