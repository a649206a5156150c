/** TensorProto and SparseTensorProto to dense tensors. */
import type { ElementData, ElementType, FileTensor } from './model.ts';
import { elementCount, typeNumbers } from './model.ts';
import type { Integer, ProtoField } from './wire.ts';
import { OnnxError, readDoubles, readFields, readFloats, readIntegers, readString } from './wire.ts';

const typeNames = new Map(Object.entries(typeNumbers).map(([name, number]) => [number, name as ElementType]));

/** Types of TensorProto.DataType that nothing here can compute with, by name for errors. */
const unsupported: ReadonlyMap<number, string> = new Map([
  [0, 'undefined'],
  [14, 'complex64'],
  [15, 'complex128'],
  [17, 'float8e4m3fn'],
  [18, 'float8e4m3fnuz'],
  [19, 'float8e5m2'],
  [20, 'float8e5m2fnuz'],
  [21, 'uint4'],
  [22, 'int4'],
  [23, 'float4e2m1'],
]);

/** The element type numbered so. Throws an OnnxError that names `where`. */
export function elementTypeOf(number: number, where: string): ElementType {
  const type = typeNames.get(number);
  if (type) return type;
  throw new OnnxError(`${where} has element type ${unsupported.get(number) ?? number}, which is not supported.`);
}

interface NamedTensor {
  readonly name: string;
  readonly tensor: FileTensor;
}

/** Reads one TensorProto, from raw or typed data. Throws an OnnxError for data in another file or of the wrong length. */
export function readTensor(bytes: Uint8Array, owner = ''): NamedTensor {
  const dims: Integer[] = [];
  let name = owner;
  let number = 0;
  let raw: Uint8Array | undefined;
  let location: string | undefined;
  const numbers: number[] = [];
  const ints: Integer[] = [];
  const strings: string[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) readIntegers(field, dims);
    else if (field.number === 2) number = Number(field.integer);
    else if (field.number === 4) readFloats(field, numbers);
    else if (field.number === 5 || field.number === 7 || field.number === 11) readIntegers(field, ints);
    else if (field.number === 6) strings.push(readString(field));
    else if (field.number === 8) name = readString(field) || owner;
    else if (field.number === 9) raw = field.bytes;
    else if (field.number === 10) readDoubles(field, numbers);
    else if (field.number === 13) location = readEntry(field, 'location') ?? location ?? '';
    else if (field.number === 14 && Number(field.integer) === 1) location ??= '';
  }
  const where = `Tensor ${name || 'without a name'}`;
  if (location !== undefined) {
    const file = location === '' ? '' : `, ${location}`;
    throw new OnnxError(`${where} lies in another file${file}. Save the model with its weights inside.`);
  }
  const type = elementTypeOf(number, where);
  const data = raw ? fromRaw(type, raw, where) : fromFields(type, numbers, ints, strings);
  return { name, tensor: checked(where, type, dims.map(Number), data) };
}

function checked(where: string, type: ElementType, dims: readonly number[], data: ElementData): FileTensor {
  if (dims.some((d) => !Number.isSafeInteger(d) || d < 0)) throw new OnnxError(`${where} has a size below 0.`);
  if (data.length !== elementCount(dims)) {
    throw new OnnxError(`${where} of shape [${dims.join(', ')}] has ${data.length} values, not ${elementCount(dims)}.`);
  }
  return { type, dims, data };
}

/** The value of a StringStringEntryProto whose key is `key`. */
function readEntry(field: ProtoField, key: string): string | undefined {
  const fields = [...readFields(field.bytes)];
  const text = (n: number): string | undefined => {
    const found = fields.find((f) => f.number === n);
    return found && readString(found);
  };
  return text(1) === key ? text(2) : undefined;
}

type Numeric = Exclude<ElementType, 'string'>;

const arrays: Readonly<Record<Numeric, (buffer: ArrayBuffer) => ElementData>> = {
  float32: (b) => new Float32Array(b),
  float64: (b) => new Float64Array(b),
  float16: (b) => new Uint16Array(b),
  bfloat16: (b) => new Uint16Array(b),
  int8: (b) => new Int8Array(b),
  int16: (b) => new Int16Array(b),
  int32: (b) => new Int32Array(b),
  int64: (b) => new BigInt64Array(b),
  uint8: (b) => new Uint8Array(b),
  uint16: (b) => new Uint16Array(b),
  uint32: (b) => new Uint32Array(b),
  uint64: (b) => new BigUint64Array(b),
  bool: (b) => new Uint8Array(b),
};

function fromRaw(type: ElementType, raw: Uint8Array, where: string): ElementData {
  if (type === 'string') throw new OnnxError(`${where} holds strings as raw bytes.`);
  try {
    // A copy: typed arrays need aligned bytes, and the tensor outlives the file.
    return arrays[type](Uint8Array.from(raw).buffer);
  } catch {
    throw new OnnxError(`${where} has ${raw.length} bytes, which are no whole number of ${type} values.`);
  }
}

function fromFields(type: ElementType, numbers: number[], ints: Integer[], strings: string[]): ElementData {
  switch (type) {
    case 'string':
      return strings;
    case 'float32':
      return Float32Array.from(numbers);
    case 'float64':
      return Float64Array.from(numbers);
    case 'int64':
      return BigInt64Array.from(ints, BigInt);
    case 'uint64':
      return BigUint64Array.from(ints, BigInt);
    case 'int8':
      return Int8Array.from(ints, Number);
    case 'int16':
      return Int16Array.from(ints, Number);
    case 'int32':
      return Int32Array.from(ints, Number);
    case 'uint32':
      return Uint32Array.from(ints, Number);
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return Uint16Array.from(ints, Number);
    default:
      return Uint8Array.from(ints, Number);
  }
}

/** Most elements of a sparse tensor that is written out. */
const MOST_DENSE = 1 << 26;

/** Reads one SparseTensorProto as a dense tensor: values, and their places flat [n] or by axis [n, rank]. */
export function readSparseTensor(bytes: Uint8Array, owner = ''): NamedTensor {
  const dims: Integer[] = [];
  let values: NamedTensor | undefined;
  let indices: FileTensor | undefined;
  for (const field of readFields(bytes)) {
    if (field.number === 1) values = readTensor(field.bytes, owner);
    else if (field.number === 2) indices = readTensor(field.bytes, owner).tensor;
    else if (field.number === 3) readIntegers(field, dims);
  }
  const where = `Sparse tensor ${values?.name || 'without a name'}`;
  if (!values || !indices || indices.type !== 'int64') throw new OnnxError(`${where} lacks values or places.`);
  const { type, data } = values.tensor;
  const sizes = dims.map(Number);
  const count = elementCount(sizes);
  if (type === 'string' || !(count >= 0 && count <= MOST_DENSE)) throw new OnnxError(`${where} cannot be written out.`);
  const dense = arrays[type](new ArrayBuffer(count * (data as Uint8Array).BYTES_PER_ELEMENT));
  flatPlaces(where, indices, sizes, data.length).forEach((place, i) => {
    (dense as { [index: number]: number | bigint })[place] = data[i] as number | bigint;
  });
  return { name: values.name, tensor: checked(where, type, sizes, dense) };
}

function flatPlaces(where: string, indices: FileTensor, dims: readonly number[], count: number): number[] {
  const list = Array.from(indices.data as BigInt64Array, Number);
  const width = indices.dims.length === 2 ? indices.dims[1]! : 1;
  const strides = width === 1 ? [1] : dims.map((_, i) => elementCount(dims.slice(i + 1)));
  const total = elementCount(dims);
  if (list.length !== count * width || strides.length !== width) {
    throw new OnnxError(`${where} has ${list.length} places for ${count} values.`);
  }
  return Array.from({ length: count }, (_, i) => {
    const place = strides.reduce((at, stride, axis) => at + stride * list[i * width + axis]!, 0);
    if (place < 0 || place >= total) throw new OnnxError(`${where} has a value outside its shape.`);
    return place;
  });
}
