/** Bytes to model. Refuses what it cannot represent with an OnnxError that says what it is. */
import type { Tensor, TensorData, TensorType } from '../contracts/runtime.ts';
import type { Attribute, Dim, Graph, Model, Node, ValueInfo } from './model.ts';
import { elementCount, typeNumbers } from './model.ts';
import type { Integer } from './wire.ts';
import { OnnxError, type ProtoField, readDoubles, readFields, readFloats, readIntegers, readString } from './wire.ts';

/** Parses an ONNX file. Subgraphs, tensors (also typed data fields) and `metadata_props` are kept; docs and value hints are dropped. */
export function readModel(bytes: Uint8Array): Model {
  let irVersion = 0;
  let producer = '';
  let graph: Graph | undefined;
  const opsets: Record<string, number> = {};
  const metadata: Record<string, string> = {};
  for (const field of readFields(bytes)) {
    if (field.number === 1) irVersion = Number(field.integer);
    else if (field.number === 2) producer = readString(field);
    else if (field.number === 7) graph = readGraph(field.bytes, 0);
    else if (field.number === 8) {
      const [domain, version] = readPair(field.bytes);
      opsets[domain ? readString(domain) : ''] = Number(version?.integer ?? 0);
    } else if (field.number === 14) {
      const [key, value] = readPair(field.bytes);
      if (key) metadata[readString(key)] = value ? readString(value) : '';
    }
  }
  if (!graph || irVersion === 0) throw new OnnxError('This is not an ONNX model: it holds no graph.');
  return { irVersion, producer, opsets, metadata, graph };
}

function readPair(bytes: Uint8Array): [ProtoField | undefined, ProtoField | undefined] {
  const fields = [...readFields(bytes)];
  return [fields.find((f) => f.number === 1), fields.find((f) => f.number === 2)];
}

const MAX_DEPTH = 32;

function readGraph(bytes: Uint8Array, depth: number): Graph {
  if (depth > MAX_DEPTH) throw new OnnxError('Subgraphs are nested too deeply.');
  let name = '';
  const nodes: Node[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers = new Map<string, Tensor>();
  for (const field of readFields(bytes)) {
    if (field.number === 1) nodes.push(readNode(field.bytes, depth));
    else if (field.number === 2) name = readString(field);
    else if (field.number === 5) {
      const named = readTensor(field.bytes);
      initializers.set(named.name, named.tensor);
    } else if (field.number === 11) inputs.push(readValueInfo(field.bytes));
    else if (field.number === 12) outputs.push(readValueInfo(field.bytes));
    else if (field.number === 15) throw new OnnxError('Sparse initialisers are not supported.');
  }
  return { name, nodes, inputs, outputs, initializers };
}

function readNode(bytes: Uint8Array, depth: number): Node {
  const node = { op: '', domain: '', name: '' };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, Attribute> = {};
  for (const field of readFields(bytes)) {
    if (field.number === 1) inputs.push(readString(field));
    else if (field.number === 2) outputs.push(readString(field));
    else if (field.number === 3) node.name = readString(field);
    else if (field.number === 4) node.op = readString(field);
    else if (field.number === 5) {
      const [name, attribute] = readAttribute(field.bytes, depth);
      attributes[name] = attribute;
    } else if (field.number === 7) node.domain = readString(field);
  }
  return { ...node, inputs, outputs, attributes };
}

function readAttribute(bytes: Uint8Array, depth: number): [string, Attribute] {
  let name = '';
  let type = 0;
  let float = 0;
  let int: Integer = 0;
  let text = '';
  let tensor: Tensor | undefined;
  let graph: Graph | undefined;
  const floats: number[] = [];
  const ints: Integer[] = [];
  const strings: string[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) name = readString(field);
    else if (field.number === 2) float = new DataView(field.bytes.buffer, field.bytes.byteOffset, 4).getFloat32(0, true);
    else if (field.number === 3) int = field.integer;
    else if (field.number === 4) text = readString(field);
    else if (field.number === 5) tensor = readTensor(field.bytes).tensor;
    else if (field.number === 6) graph = readGraph(field.bytes, depth + 1);
    else if (field.number === 7) readFloats(field, floats);
    else if (field.number === 8) readIntegers(field, ints);
    else if (field.number === 9) strings.push(readString(field));
    else if (field.number === 20) type = Number(field.integer);
  }
  if (type === 1) return [name, { kind: 'float', value: float }];
  if (type === 2) return [name, { kind: 'int', value: int }];
  if (type === 3) return [name, { kind: 'string', value: text }];
  if (type === 4 && tensor) return [name, { kind: 'tensor', value: tensor }];
  if (type === 5 && graph) return [name, { kind: 'graph', value: graph }];
  if (type === 6) return [name, { kind: 'floats', value: floats }];
  if (type === 7) return [name, { kind: 'ints', value: ints }];
  if (type === 8) return [name, { kind: 'strings', value: strings }];
  throw new OnnxError(`Attribute ${name} has type ${type}, which is not supported.`);
}

const typeNames = new Map(Object.entries(typeNumbers).map(([name, number]) => [number, name as TensorType]));

function typeOf(number: number, where: string): TensorType {
  const type = typeNames.get(number);
  if (!type) throw new OnnxError(`${where} has element type ${number}, which is not supported.`);
  return type;
}

function readTensor(bytes: Uint8Array): { name: string; tensor: Tensor } {
  const dims: Integer[] = [];
  let name = '';
  let number = 0;
  let raw: Uint8Array<ArrayBuffer> | undefined;
  const numbers: number[] = [];
  const ints: Integer[] = [];
  const strings: string[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) readIntegers(field, dims);
    else if (field.number === 2) number = Number(field.integer);
    else if (field.number === 4) readFloats(field, numbers);
    else if (field.number === 5 || field.number === 7) readIntegers(field, ints);
    else if (field.number === 6) strings.push(readString(field));
    else if (field.number === 8) name = readString(field);
    else if (field.number === 9) raw = Uint8Array.from(field.bytes);
    else if (field.number === 10) readDoubles(field, numbers);
    else if (field.number === 13 || field.number === 14) throw new OnnxError(`Tensor ${name} lies in another file.`);
  }
  const type = typeOf(number, `Tensor ${name}`);
  const data = raw ? fromRaw(type, raw, name) : fromFields(type, numbers, ints, strings);
  const shape = dims.map(Number);
  if (data.length !== elementCount(shape)) throw new OnnxError(`Tensor ${name} has ${data.length} values.`);
  return { name, tensor: { type, dims: shape, data } };
}

const BYTES: Readonly<Record<TensorType, number>> = {
  float32: 4,
  float64: 8,
  int32: 4,
  int64: 8,
  uint8: 1,
  bool: 1,
  string: 0,
};

function fromRaw(type: TensorType, raw: Uint8Array<ArrayBuffer>, name: string): TensorData {
  if (type === 'string' || raw.length % BYTES[type] !== 0) throw new OnnxError(`Tensor ${name} has damaged data.`);
  if (type === 'float32') return new Float32Array(raw.buffer);
  if (type === 'float64') return new Float64Array(raw.buffer);
  if (type === 'int32') return new Int32Array(raw.buffer);
  if (type === 'int64') return new BigInt64Array(raw.buffer);
  return raw;
}

function fromFields(type: TensorType, numbers: number[], ints: Integer[], strings: string[]): TensorData {
  if (type === 'string') return strings;
  if (type === 'float32') return Float32Array.from(numbers);
  if (type === 'float64') return Float64Array.from(numbers);
  if (type === 'int32') return Int32Array.from(ints, Number);
  if (type === 'int64') return BigInt64Array.from(ints, BigInt);
  return Uint8Array.from(ints, Number);
}

function readValueInfo(bytes: Uint8Array): ValueInfo {
  const [nameField, typeField] = readPair(bytes);
  const name = nameField ? readString(nameField) : '';
  const tensorField = typeField && [...readFields(typeField.bytes)].find((f) => f.number === 1);
  if (!tensorField) throw new OnnxError(`Value ${name} is not a tensor, which is not supported.`);
  const [elementField, shapeField] = readPair(tensorField.bytes);
  const type = typeOf(Number(elementField?.integer ?? 0), `Value ${name}`);
  if (!shapeField) return { name, type, dims: null };
  const dims: Dim[] = [...readFields(shapeField.bytes)].map((dim) => {
    const [size, symbol] = readPair(dim.bytes);
    return size ? Number(size.integer) : symbol ? readString(symbol) : null;
  });
  return { name, type, dims };
}
