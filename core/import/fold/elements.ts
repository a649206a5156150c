/** Arithmetic on numbers that the file fixes, element by element with broadcasting. */
import { broadcast, type Shape, type Size } from '../../ir/shape.ts';
import { ImportError } from '../import-error.ts';
import { type Known, type KnownType, known } from '../operand.ts';
import { addSizes, divideSizes, equalSizes, knownSize, listable, multiplySizes, subtractSizes } from '../size.ts';

const strides = (dims: Shape): number[] =>
  dims.map((_, i) => dims.slice(i + 1).reduce<number>((a, b) => a * knownSize(b, 'A size'), 1));

/** Position in an operand of `dims` of every element of `shape`, which it broadcasts to. */
function broadcastIndex(dims: Shape, shape: Shape): Int32Array {
  const own = strides(dims);
  const lead = shape.length - dims.length;
  const steps = shape.map((_, i) => (i < lead || dims[i - lead] === 1 ? 0 : own[i - lead]!));
  const sizes = shape.map((d) => knownSize(d, 'A size'));
  const count = sizes.reduce((a, b) => a * b, 1);
  const index = new Int32Array(listable(count, 'A fixed tensor'));
  const position = sizes.map(() => 0);
  for (let i = 0; i < index.length; i++) {
    index[i] = position.reduce((at, p, axis) => at + p * steps[axis]!, 0);
    for (let axis = sizes.length - 1; axis >= 0 && ++position[axis]! === sizes[axis]; axis--) position[axis] = 0;
  }
  return index;
}

/** `combine` over the broadcast elements of the operands; operands of a single number each give a single number. */
function zip(type: KnownType, operands: readonly Known[], combine: (...values: Size[]) => Size): Known {
  const shape = operands.map((o) => o.dims).reduce((a, b) => broadcast(a, b));
  if (operands.every((o) => o.data.length === 1)) {
    return known(type, shape, [combine(...operands.map((o) => o.data[0]!))]);
  }
  const index = operands.map((o) => (o.data.length === 1 ? null : broadcastIndex(o.dims, shape)));
  const count = index.find((v) => v !== null)!.length;
  const at = (o: Known, k: number, i: number): Size => {
    const value = o.data[index[k]?.[i] ?? 0];
    if (value === undefined) throw new ImportError(`A fixed tensor of shape [${o.dims.join(', ')}] is empty.`);
    return value;
  };
  return known(
    type,
    shape,
    Array.from({ length: count }, (_, i) => combine(...operands.map((o, k) => at(o, k, i)))),
  );
}

const number = (v: Size): number => knownSize(v, 'A number');
const bit = (v: boolean): number => (v ? 1 : 0);
const onNumbers =
  (f: (a: number, b: number) => number) =>
  (a: Size, b: Size): Size =>
    f(number(a), number(b));
const compare =
  (f: (a: number, b: number) => boolean) =>
  (a: Size, b: Size): Size =>
    bit(f(number(a), number(b)));

function divide(type: KnownType): (a: Size, b: Size) => Size {
  return (a, b) => {
    if (typeof a === 'string' || typeof b === 'string') return divideSizes(a, b);
    return type === 'int' ? Math.trunc(a / b) : a / b;
  };
}

/** Remainder with the sign of the divisor. */
function modulo(a: Size, b: Size): Size {
  const [x, y] = [typeof a === 'string' ? remainderOf(a, b) : a, number(b)];
  return x - y * Math.floor(x / y);
}

function remainderOf(a: Size, b: Size): number {
  divideSizes(a, b);
  return 0;
}

type Binary = (type: KnownType) => (a: Size, b: Size) => Size;
const arithmetic: Readonly<Record<string, Binary>> = {
  Add: () => addSizes,
  Sub: () => subtractSizes,
  Mul: () => multiplySizes,
  Div: divide,
  Mod: () => modulo,
  Pow: () => onNumbers((a, b) => a ** b),
  Max: () => onNumbers(Math.max),
  Min: () => onNumbers(Math.min),
};
const comparisons: Readonly<Record<string, (a: Size, b: Size) => Size>> = {
  Equal: (a, b) => bit(equalSizes(a, b)),
  Less: compare((a, b) => a < b),
  LessOrEqual: compare((a, b) => a <= b),
  Greater: compare((a, b) => a > b),
  GreaterOrEqual: compare((a, b) => a >= b),
  And: compare((a, b) => a !== 0 && b !== 0),
  Or: compare((a, b) => a !== 0 || b !== 0),
  Xor: compare((a, b) => (a !== 0) !== (b !== 0)),
};
const unaries: Readonly<Record<string, (v: number) => number>> = {
  Abs: Math.abs,
  Neg: (v) => -v,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Sin: Math.sin,
  Cos: Math.cos,
  Reciprocal: (v) => 1 / v,
  Not: (v) => bit(v === 0),
};

const typeNumbers: ReadonlyMap<number, KnownType> = new Map([
  ...[1, 10, 11, 16].map((n): [number, KnownType] => [n, 'float']),
  ...[2, 3, 4, 5, 6, 7, 12, 13].map((n): [number, KnownType] => [n, 'int']),
  [9, 'bool'],
]);

/** `x` as the ONNX element type numbered `to`. Throws an ImportError for a type that holds no numbers. */
export function castKnown(x: Known, to: number): Known {
  const type = typeNumbers.get(to);
  if (!type) throw new ImportError(`Element type ${to} holds no numbers.`);
  const convert = (v: number): number => {
    if (type === 'bool') return bit(v !== 0);
    return type === 'int' ? Math.trunc(v) : v;
  };
  return known(
    type,
    x.dims,
    x.data.map((v) => (typeof v === 'string' ? v : convert(v))),
  );
}

/** The result of the element-by-element operator `op`, or null where it is none of these. */
export function foldElements(op: string, operands: readonly Known[]): Known | null {
  const [a] = operands as [Known];
  const comparison = comparisons[op];
  if (comparison) return zip('bool', operands, comparison);
  const binary = arithmetic[op];
  if (binary) {
    const combine = binary(a.type);
    return operands.reduce((x, y) => zip(a.type, [x, y], combine));
  }
  const single = unaries[op];
  if (single)
    return known(
      op === 'Not' ? 'bool' : a.type,
      a.dims,
      a.data.map((v) => single(number(v))),
    );
  if (op === 'Where') return zip(operands[1]!.type, operands, (c, x, y) => (c === 0 ? y : x));
  return null;
}
