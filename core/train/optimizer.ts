/** The optimizers by name. */
import type { Emitter } from '../ops/emitter.ts';
import { adamScalars, emitAdamW } from './adamw.ts';
import { emitLion } from './lion.ts';
import { emitSgd } from './sgd.ts';
import type { OptimizerOptions, OptimizerState, OptimizerStep, Updated } from './update.ts';

type Emit = (e: Emitter, state: OptimizerState, step: OptimizerStep, options: OptimizerOptions) => Updated;

const optimizers = { adamw: emitAdamW, sgd: emitSgd, lion: emitLion } satisfies Record<string, Emit>;
export type OptimizerName = keyof typeof optimizers;
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[];

/** Adds the update of the optimizer called `name`. */
export const emitUpdate = (name: OptimizerName, ...args: Parameters<Emit>): Updated => optimizers[name](...args);

/** What `stepSize` and `epsilon` hold at update number `t` (from 1). */
export function stepScalars(
  name: OptimizerName,
  t: number,
  rate: number,
  options: { beta1: number; beta2: number; epsilon: number },
): { stepSize: number; epsilon: number } {
  return name === 'adamw' ? adamScalars(t, rate, options) : { stepSize: rate, epsilon: options.epsilon };
}
