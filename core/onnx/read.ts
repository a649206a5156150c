/** Bytes to model. Refuses what it cannot represent with an OnnxError that says what it is. */
import { type BodyAttribute, type FunctionBody, functionKey, inlineFunctions } from './functions.ts';
import type { Attribute, Dim, FileTensor, Graph, Model, Node, ValueInfo } from './model.ts';
import { elementTypeOf, readSparseTensor, readTensor } from './read-tensor.ts';
import type { Integer } from './wire.ts';
import { OnnxError, type ProtoField, readFields, readFloats, readIntegers, readString } from './wire.ts';

/**
 * Parses an ONNX file. Subgraphs, tensors (raw, typed and sparse data, all dense afterwards) and `metadata_props` are kept;
 * functions are written out where they are called; docs, value hints and training information are dropped.
 */
export function readModel(bytes: Uint8Array): Model {
  let irVersion = 0;
  let producer = '';
  let graph: Graph | undefined;
  const opsets: Record<string, number> = {};
  const metadata: Record<string, string> = {};
  const functions = new Map<string, FunctionBody>();
  for (const field of readFields(bytes)) {
    if (field.number === 1) irVersion = Number(field.integer);
    else if (field.number === 2) producer = readString(field);
    else if (field.number === 7) graph = readGraph(field.bytes, 0);
    else if (field.number === 8) readOpset(field, opsets);
    else if (field.number === 14) {
      const [key, value] = readPair(field.bytes);
      if (key) metadata[readString(key)] = value ? readString(value) : '';
    } else if (field.number === 25) functions.set(...readFunction(field.bytes, opsets));
  }
  if (!graph || irVersion === 0) throw new OnnxError('This is not an ONNX model: it holds no graph.');
  return { irVersion, producer, opsets, metadata, graph: inlineFunctions(graph, functions) };
}

function readOpset(field: ProtoField, into: Record<string, number>): void {
  const [domain, version] = readPair(field.bytes);
  into[domain ? readString(domain) : ''] ??= Number(version?.integer ?? 0);
}

function readPair(bytes: Uint8Array): [ProtoField | undefined, ProtoField | undefined] {
  const fields = [...readFields(bytes)];
  return [fields.find((f) => f.number === 1), fields.find((f) => f.number === 2)];
}

const MAX_DEPTH = 32;

/** A function under its key; operator set versions that only it imports are added to the model's. */
function readFunction(bytes: Uint8Array, opsets: Record<string, number>): [string, FunctionBody] {
  let [name, domain] = ['', ''];
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const nodes: FunctionBody['nodes'][number][] = [];
  const defaults: Record<string, Attribute> = {};
  for (const field of readFields(bytes)) {
    if (field.number === 1) name = readString(field);
    else if (field.number === 4) inputs.push(readString(field));
    else if (field.number === 5) outputs.push(readString(field));
    else if (field.number === 7) nodes.push(readNode(field.bytes, 0));
    else if (field.number === 9) readOpset(field, opsets);
    else if (field.number === 10) domain = readString(field);
    else if (field.number === 11) {
      const [key, attribute] = readAttribute(field.bytes, 0);
      if (attribute.kind !== 'reference') defaults[key] = attribute;
    }
  }
  return [functionKey(domain, name), { inputs, outputs, nodes, defaults }];
}

function readGraph(bytes: Uint8Array, depth: number): Graph {
  if (depth > MAX_DEPTH) throw new OnnxError('Subgraphs are nested too deeply.');
  let name = '';
  const nodes: Node[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers = new Map<string, FileTensor>();
  for (const field of readFields(bytes)) {
    // References stand only in functions, where they are replaced before anything else sees them.
    if (field.number === 1) nodes.push(readNode(field.bytes, depth) as Node);
    else if (field.number === 2) name = readString(field);
    else if (field.number === 5 || field.number === 15) {
      const named = field.number === 5 ? readTensor(field.bytes) : readSparseTensor(field.bytes);
      initializers.set(named.name, named.tensor);
    } else if (field.number === 11) inputs.push(readValueInfo(field.bytes));
    else if (field.number === 12) outputs.push(readValueInfo(field.bytes));
  }
  return { name, nodes, inputs, outputs, initializers };
}

function readNode(bytes: Uint8Array, depth: number): FunctionBody['nodes'][number] {
  const node = { op: '', domain: '', name: '' };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, BodyAttribute> = {};
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

/** Kinds of AttributeProto.AttributeType that nothing here can use, by name for errors. */
const unsupported = new Map([
  [9, 'a list of tensors'],
  [10, 'a list of graphs'],
  [12, 'a list of sparse tensors'],
  [13, 'a type'],
  [14, 'a list of types'],
]);

function readAttribute(bytes: Uint8Array, depth: number): [string, BodyAttribute] {
  let name = '';
  let type = 0;
  let reference = '';
  const float: number[] = [];
  let int: Integer = 0;
  let text = '';
  let tensor: FileTensor | undefined;
  let graph: Graph | undefined;
  const floats: number[] = [];
  const ints: Integer[] = [];
  const strings: string[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) name = readString(field);
    else if (field.number === 2) readFloats(field, float);
    else if (field.number === 3) int = field.integer;
    else if (field.number === 4) text = readString(field);
    else if (field.number === 5) tensor = readTensor(field.bytes, name).tensor;
    else if (field.number === 6) graph = readGraph(field.bytes, depth + 1);
    else if (field.number === 7) readFloats(field, floats);
    else if (field.number === 8) readIntegers(field, ints);
    else if (field.number === 9) strings.push(readString(field));
    else if (field.number === 20) type = Number(field.integer);
    else if (field.number === 21) reference = readString(field);
    else if (field.number === 22) tensor = readSparseTensor(field.bytes, name).tensor;
  }
  if (reference !== '') return [name, { kind: 'reference', name: reference }];
  if (type === 1) return [name, { kind: 'float', value: float.at(-1) ?? 0 }];
  if (type === 2) return [name, { kind: 'int', value: int }];
  if (type === 3) return [name, { kind: 'string', value: text }];
  if ((type === 4 || type === 11) && tensor) return [name, { kind: 'tensor', value: tensor }];
  if (type === 5 && graph) return [name, { kind: 'graph', value: graph }];
  if (type === 6) return [name, { kind: 'floats', value: floats }];
  if (type === 7) return [name, { kind: 'ints', value: ints }];
  if (type === 8) return [name, { kind: 'strings', value: strings }];
  throw new OnnxError(`Attribute ${name} is ${unsupported.get(type) ?? `of type ${type}`}, which is not supported.`);
}

/** Kinds of TypeProto besides tensors, by field number. */
const otherTypes = new Map([
  [4, 'a sequence'],
  [5, 'a map'],
  [8, 'a sparse tensor'],
  [9, 'optional'],
]);

function readValueInfo(bytes: Uint8Array): ValueInfo {
  const [nameField, typeField] = readPair(bytes);
  const name = nameField ? readString(nameField) : '';
  const kinds = typeField ? [...readFields(typeField.bytes)] : [];
  const tensorField = kinds.find((f) => f.number === 1);
  if (!tensorField) {
    const kind = kinds.map((f) => otherTypes.get(f.number)).find((k) => k !== undefined);
    throw new OnnxError(`Value ${name} is ${kind ?? 'of no type'}; only tensors are supported.`);
  }
  const [elementField, shapeField] = readPair(tensorField.bytes);
  const type = elementTypeOf(Number(elementField?.integer ?? 0), `Value ${name}`);
  if (!shapeField) return { name, type, dims: null };
  const dims: Dim[] = [...readFields(shapeField.bytes)].map((dim) => {
    const [size, symbol] = readPair(dim.bytes);
    return size ? Number(size.integer) : symbol ? readString(symbol) : null;
  });
  return { name, type, dims };
}
