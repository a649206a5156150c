/** Plain JavaScript values as ONNX attributes. */
import type { Tensor } from '../contracts/runtime.ts';
import type { Attribute, Graph } from './model.ts';

/** A float attribute; a bare `number` means an integer. */
export interface FloatValue {
  readonly float: number;
}

/**
 * number, bigint: int · `float(x)`: float · string · number[], Int32Array, BigInt64Array: ints · Float32Array: floats ·
 * string[]: strings · Tensor · Graph (a subgraph).
 */
export type AttributeValue =
  | number
  | bigint
  | FloatValue
  | string
  | readonly number[]
  | Int32Array
  | BigInt64Array
  | Float32Array
  | readonly string[]
  | Tensor
  | Graph;

export const float = (value: number): FloatValue => ({ float: value });

/** Throws a TypeError for a fractional number: write `float(x)` where the operator wants a float. */
export function toAttribute(value: AttributeValue): Attribute {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an integer: use float(${value}).`);
    return { kind: 'int', value };
  }
  if (typeof value === 'bigint') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (value instanceof Float32Array) return { kind: 'floats', value };
  if (value instanceof Int32Array || value instanceof BigInt64Array) return { kind: 'ints', value };
  if (Array.isArray(value)) return listAttribute(value as readonly (number | string)[]);
  if ('float' in value) return { kind: 'float', value: value.float };
  if ('nodes' in value) return { kind: 'graph', value };
  return { kind: 'tensor', value: value as Tensor };
}

function listAttribute(values: readonly (number | string)[]): Attribute {
  if (typeof values[0] === 'string') return { kind: 'strings', value: values.map(String) };
  for (const v of values) {
    if (!Number.isSafeInteger(v)) throw new TypeError(`${v} is not an integer: use a Float32Array for floats.`);
  }
  return { kind: 'ints', value: values.map(Number) };
}
