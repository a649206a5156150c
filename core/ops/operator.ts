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

/** How a value lies in memory: row-major; with channels in blocks; one number per channel spread over places in blocks (blocked.ts). */
export type Layout = 'plain' | 'blocked' | 'spread';

export interface Placed {
  readonly shape: Shape;
  readonly layout: Layout;
}

/** In which layouts an operator reads its inputs and writes its output; gradients lie as the values they belong to. */
export interface Layouts {
  readonly inputs: readonly Layout[];
  readonly output: Layout;
}

/** A value in a graph under construction. */
export interface Emitted {
  readonly name: string;
  readonly shape: Shape;
  /** `plain` where not stated. */
  readonly layout?: Layout;
  /** How many operators of the network read it; 1 where not stated. */
  readonly readers?: number;
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
  /** Rows, on axis 1, outside of which the gradient is known to be 0; null where none are known. */
  readonly live: readonly number[] | null;
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
  /**
   * Layouts for blocks of `block` channels, given where the inputs lie now; null, or no rule: everything is plain. Asked
   * in training graphs for kernels that have blocked forms; `emit` and `gradient` then get values so laid out.
   */
  layouts?(block: number, inputs: readonly Placed[], output: Shape, attributes: A): Layouts | null;
  /** Adds the forward nodes. `emitter.mode` tells training from inference. */
  emit(emitter: Emitter, inputs: readonly Emitted[], output: Shape, attributes: A): Emission;
  /** Adds the gradient nodes: one name per input, null where no gradient is needed or none exists. Training sizes are bound. */
  gradient(emitter: Emitter, call: GradientCall<A>): readonly (string | null)[];
  /** For each input, the rows outside of which its gradient is known to be 0, or null; no rule: none are known. */
  live?(emitter: Emitter, call: GradientCall<A>): readonly (readonly number[] | null)[];
}

/** Of an operator whose row i, on axis 1, reads rows i only: where the gradient of a row is 0, so are those of what it reads. */
export function rowByRow(
  _emitter: Emitter,
  { inputs, output, live }: GradientCall<never>,
): (readonly number[] | null)[] {
  const fits = ({ shape }: Emitted): boolean => shape.length === output.shape.length && shape[1] === output.shape[1];
  return inputs.map((input) => (fits(input) ? live : null));
}

/** Cost of an operator that does no multiply-accumulates: it keeps its output. */
export function outputCost(_inputs: readonly (readonly number[])[], output: readonly number[]): Cost {
  return { macs: 0, activationBytes: 4 * output.reduce((a, b) => a * b, 1) };
}

/** Cost of an operator whose output is a view or is recomputed for nothing. */
export const freeCost = (): Cost => ({ macs: 0, activationBytes: 0 });
