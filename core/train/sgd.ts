/** Stochastic gradient descent with Nesterov momentum (Sutskever and others 2013) on flat vectors. */
import type { Emitter } from '../ops/emitter.ts';
import {
  addScaled,
  clipped,
  gate,
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
  const { contrib, beta1, clipNorm } = options;
  const gradient = clipped(e, state.gradient, clipNorm);
  if (beta1 === 0) return { ...state, parameters: moved(e, state, gradient, step, options) };
  const momentum = gate(e, state.shape[0], beta1);
  const first = addScaled(e, contrib, gradient, state.first, momentum);
  const direction = addScaled(e, contrib, gradient, first, momentum);
  return { parameters: moved(e, state, direction, step, options), first, second: state.second };
}
