/** Model to bytes. Field numbers follow onnx.proto of ONNX 1.15. */
import type { Attribute, FileTensor, Graph, Model, Node, ValueInfo } from './model.ts';
import { elementCount, typeNumbers } from './model.ts';
import { encodeUtf8 } from './utf8.ts';
import { ProtoWriter } from './wire.ts';

/** Serialises `model`. Throws a RangeError when a tensor's data does not fit its dimensions. */
export function writeModel(model: Model): Uint8Array {
  const w = new ProtoWriter();
  w.varint(1, model.irVersion);
  w.string(2, model.producer);
  w.message(7, (g) => writeGraph(g, model.graph));
  for (const [domain, version] of Object.entries(model.opsets)) {
    w.message(8, (o) => {
      o.string(1, domain);
      o.varint(2, version);
    });
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    w.message(14, (e) => {
      e.string(1, key);
      e.string(2, value);
    });
  }
  return w.finish().slice();
}

function writeGraph(w: ProtoWriter, graph: Graph): void {
  for (const node of graph.nodes) w.message(1, (n) => writeNode(n, node));
  w.string(2, graph.name);
  for (const [name, tensor] of graph.initializers) w.message(5, (t) => writeTensor(t, tensor, name));
  for (const value of graph.inputs) w.message(11, (v) => writeValueInfo(v, value));
  for (const value of graph.outputs) w.message(12, (v) => writeValueInfo(v, value));
}

function writeNode(w: ProtoWriter, node: Node): void {
  for (const input of node.inputs) w.string(1, input);
  for (const output of node.outputs) w.string(2, output);
  if (node.name) w.string(3, node.name);
  w.string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    w.message(5, (a) => {
      a.string(1, name);
      writeAttribute(a, attribute);
    });
  }
  if (node.domain) w.string(7, node.domain);
}

function writeAttribute(w: ProtoWriter, attribute: Attribute): void {
  switch (attribute.kind) {
    case 'float':
      w.float(2, attribute.value);
      w.varint(20, 1);
      return;
    case 'int':
      w.varint(3, attribute.value);
      w.varint(20, 2);
      return;
    case 'string':
      w.string(4, attribute.value);
      w.varint(20, 3);
      return;
    case 'tensor':
      w.message(5, (t) => writeTensor(t, attribute.value, ''));
      w.varint(20, 4);
      return;
    case 'graph':
      w.message(6, (g) => writeGraph(g, attribute.value));
      w.varint(20, 5);
      return;
    case 'floats':
      w.packedFloats(7, attribute.value);
      w.varint(20, 6);
      return;
    case 'ints':
      w.packedVarints(8, attribute.value);
      w.varint(20, 7);
      return;
    case 'strings':
      for (const value of attribute.value) w.bytes(9, encodeUtf8(value));
      w.varint(20, 8);
  }
}

function writeTensor(w: ProtoWriter, tensor: FileTensor, name: string): void {
  if (tensor.data.length !== elementCount(tensor.dims)) {
    throw new RangeError(`Tensor ${name}: ${tensor.data.length} values for dimensions [${tensor.dims.join(', ')}].`);
  }
  w.packedVarints(1, tensor.dims);
  w.varint(2, typeNumbers[tensor.type]);
  if (name) w.string(8, name);
  const { data } = tensor;
  if (ArrayBuffer.isView(data)) w.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  else for (const value of data) w.bytes(6, encodeUtf8(value));
}

function writeValueInfo(w: ProtoWriter, value: ValueInfo): void {
  w.string(1, value.name);
  w.message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.varint(1, typeNumbers[value.type]);
      const { dims } = value;
      if (dims === null) return;
      tensor.message(2, (shape) => {
        for (const dim of dims) {
          shape.message(1, (d) => {
            if (typeof dim === 'number') d.varint(1, dim);
            else if (dim !== null) d.string(2, dim);
          });
        }
      });
    });
  });
}
