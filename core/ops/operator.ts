/** What an operator of the network description is. One file in this folder defines one; `registry.ts` lists them. */
import type { Shape } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';

export type AttributeJson = number | string | boolean | null | readonly AttributeJson[];
export type Attributes = Readonly<Record<string, AttributeJson>>;

/** Forward cost of one application at bound sizes. */
export interface Cost {
  /** Multiply-accumulate operations; other arithmetic counts as none. */
  readonly macs: number;
  /** Bytes of float32 results that a training step keeps. */
  readonly activationBytes: number;
}

export type ValueType = 'float' | 'int64';

/** A value in a graph under construction. */
export interface Emitted {
  readonly name: string;
  readonly shape: Shape;
}

export interface Emission {
  readonly output: string;
  /** Names of intermediate values that the gradient rule reuses. */
  readonly saved?: readonly string[];
}

export interface GradientCall<A> {
  readonly inputs: readonly Emitted[];
  readonly output: Emitted;
  readonly saved: readonly string[];
  /** Gradient of the loss with respect to the output, in the output's shape. */
  readonly gradient: string;
  /** Which inputs need a gradient; rules skip the work for others. */
  readonly needed: readonly boolean[];
  readonly attributes: A;
}

export interface Operator<A extends Attributes = Attributes> {
  readonly name: string;
  /** Output shape; throws a ShapeError when the inputs do not fit. */
  shape(inputs: readonly Shape[], attributes: A): Shape;
  /** Types of the inputs, `float` where not stated. */
  readonly inputTypes?: readonly ValueType[];
  /** `float` where not stated. */
  readonly outputType?: ValueType;
  cost(inputs: readonly (readonly number[])[], output: readonly number[], attributes: A): Cost;
  /** Adds the forward nodes. `emitter.mode` tells training from inference. */
  emit(emitter: Emitter, inputs: readonly Emitted[], output: Shape, attributes: A): Emission;
  /** Adds the gradient nodes: one name per input, null where no gradient is needed or none exists. Training sizes are bound. */
  gradient(emitter: Emitter, call: GradientCall<A>): readonly (string | null)[];
}

/** Cost of an operator that does no multiply-accumulates: it keeps its output. */
export function outputCost(_inputs: readonly (readonly number[])[], output: readonly number[]): Cost {
  return { macs: 0, activationBytes: 4 * output.reduce((a, b) => a * b, 1) };
}

/** Cost of an operator whose output is a view or is recomputed for nothing. */
export const freeCost = (): Cost => ({ macs: 0, activationBytes: 0 });
