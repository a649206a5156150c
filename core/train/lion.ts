/** Lion (Chen and others 2023) on flat vectors: steps of one size, signed by an average of gradients. */
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
 * parameters' = keep·parameters - stepSize·sign(beta1·first + (1 - beta1)·g), first' = beta2·first + (1 - beta2)·g.
 * `second` stays as it is. The sign is a difference of two masks, since Sign is a slow kernel.
 */
export function emitLion(e: Emitter, state: OptimizerState, step: OptimizerStep, options: OptimizerOptions): Updated {
  const { beta1, beta2, clipNorm } = options;
  const gradient = clipped(e, state.gradient, clipNorm);
  const blend = (beta: number): string =>
    e.addScaled(e.mul(gradient, e.scalar(1 - beta)), state.first, beta, state.shape);
  const ahead = blend(beta1);
  const direction = e.sub(e.positive(ahead), e.positive(e.op('Neg', [ahead])));
  return { parameters: moved(e, state, direction, step, options), first: blend(beta2), second: state.second };
}
