/** What a name in the file stands for while it is imported. */
import type { Value } from '../ir/network.ts';
import type { Shape, Size } from '../ir/shape.ts';

export type KnownType = 'float' | 'int' | 'bool';

/** Numbers that the file fixes. An element may be a multiple of the rows; a single one fills any `dims`. */
export interface Known {
  readonly kind: 'known';
  readonly type: KnownType;
  readonly dims: Shape;
  readonly data: readonly Size[];
}

/** An initialiser that will be a parameter once an operator reads it; until then it is re-laid at no cost. */
export interface Weight {
  readonly kind: 'weight';
  readonly source: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
  /** Place in the file's tensor of every element, or null where nothing has moved. */
  readonly order: Int32Array | null;
  /** Whether several nodes read it; it then stays as the file has it. */
  readonly shared: boolean;
}

/** A value of the network: the shape in the file with the member axis (K or 1) in front. */
export interface Activation {
  readonly kind: 'value';
  readonly value: Value;
}

/** An int64 input, seen in another shape: indices are never computed, only read. */
export interface Index {
  readonly kind: 'index';
  readonly value: Value;
  /** The shape in which the file sees it, before repetition. */
  readonly dims: Shape;
  /** The shape after repetition. */
  readonly repeated: Shape;
  /** Set on what a graph computes to let negative indices count from the end: whether it is negative, and the sum. */
  readonly wrapping?: 'test' | 'sum';
}

export type Operand = Known | Weight | Activation | Index;

/** The operand's shape in the file. */
export function dimsOf(operand: Operand): Shape {
  if (operand.kind === 'value') return operand.value.shape.slice(1);
  return operand.kind === 'index' ? operand.repeated : operand.dims;
}

export const known = (type: KnownType, dims: Shape, data: readonly Size[]): Known => ({
  kind: 'known',
  type,
  dims,
  data,
});

export const intsOf = (data: readonly Size[]): Known => known('int', [data.length], data);
