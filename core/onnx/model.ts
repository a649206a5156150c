/** The parts of an ONNX model as plain data: what the writer writes and the reader returns. */
import type { TensorData, TensorType } from '../contracts/runtime.ts';
import type { Integer } from './wire.ts';

/** Element types that files may hold; runtimes exchange those of `TensorType` only. */
export type ElementType = TensorType | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'uint16' | 'uint32' | 'uint64';

export type ElementData = TensorData | Int8Array | Int16Array | Uint16Array | Uint32Array | BigUint64Array;

/** A dense tensor in a file, row-major; float16 and bfloat16 as their bits (see half.ts). */
export interface FileTensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: ElementData;
}

/** A known size, a named dynamic size such as `N`, or null when nothing is known. */
export type Dim = number | string | null;

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  /** null: unknown rank. */
  readonly dims: readonly Dim[] | null;
}

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: Integer }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: FileTensor }
  | { readonly kind: 'graph'; readonly value: Graph }
  | { readonly kind: 'floats'; readonly value: ArrayLike<number> }
  | { readonly kind: 'ints'; readonly value: ArrayLike<Integer> }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

export interface Node {
  readonly op: string;
  /** Empty for ai.onnx. */
  readonly domain: string;
  readonly name: string;
  /** An empty name is an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: ReadonlyMap<string, FileTensor>;
  /** In an order in which every node follows what it reads. */
  readonly nodes: readonly Node[];
}

export interface Model {
  readonly irVersion: number;
  readonly producer: string;
  /** Domain -> version. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: Graph;
}

/** Element type numbers of TensorProto.DataType. */
export const typeNumbers: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
};

/** Number of elements of a tensor with these dimensions; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, d) => product * d, 1);
}
