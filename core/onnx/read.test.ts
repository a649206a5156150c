import { expect, test } from 'vitest';
import { float } from './attributes.ts';
import { GraphBuilder } from './builder.ts';
import { readModel } from './read.ts';
import { ProtoWriter } from './wire.ts';

type Write = (w: ProtoWriter) => void;

/** A model whose graph holds what `write` writes. */
function withGraph(write: Write): Uint8Array {
  const w = new ProtoWriter();
  w.varint(1, 9);
  w.message(7, write);
  return w.finish().slice();
}

const tensor =
  (name: string, type: number, dims: readonly number[], write: Write): Write =>
  (g) => {
    g.message(5, (t) => {
      t.packedVarints(1, dims);
      t.varint(2, type);
      t.string(8, name);
      write(t);
    });
  };

test('typed data of every element type is read', () => {
  const numbers: [number, string, readonly number[]][] = [
    [2, 'uint8', [250, 1]],
    [3, 'int8', [-128, 1]],
    [4, 'uint16', [65535, 1]],
    [5, 'int16', [-32768, 1]],
    [6, 'int32', [-7, 1]],
    [9, 'bool', [1, 0]],
    [10, 'float16', [0x3c00, 0x8000]],
    [16, 'bfloat16', [0x3f80, 0]],
  ];
  for (const [number, type, values] of numbers) {
    const { graph } = readModel(withGraph(tensor('t', number, [2], (t) => t.packedVarints(5, values))));
    expect([graph.initializers.get('t')!.type, ...graph.initializers.get('t')!.data]).toEqual([type, ...values]);
  }
  const wide = withGraph(tensor('t', 13, [1], (t) => t.packedVarints(11, [2n ** 64n - 1n])));
  expect(readModel(wide).graph.initializers.get('t')!.data).toEqual(BigUint64Array.of(2n ** 64n - 1n));
  const narrow = withGraph(tensor('t', 12, [1], (t) => t.packedVarints(11, [2 ** 32 - 1])));
  expect(readModel(narrow).graph.initializers.get('t')!.data).toEqual(Uint32Array.of(2 ** 32 - 1));
});

test('what cannot be read is refused in plain words', () => {
  const external = withGraph(
    tensor('big', 1, [2], (t) => {
      t.message(13, (entry) => {
        entry.string(1, 'location');
        entry.string(2, 'weights.bin');
      });
      t.varint(14, 1);
    }),
  );
  expect(() => readModel(external)).toThrow('Tensor big lies in another file, weights.bin. Save the model with');
  expect(() => readModel(withGraph(tensor('q', 17, [1], (t) => t.varint(5, 1))))).toThrow(
    'Tensor q has element type float8e4m3fn, which is not supported.',
  );
  expect(() => readModel(withGraph(tensor('w', 1, [2, 3], (t) => t.packedFloats(4, [1, 2]))))).toThrow(
    'Tensor w of shape [2, 3] has 2 values, not 6.',
  );
  expect(() => readModel(withGraph(tensor('w', 1, [1], (t) => t.bytes(9, Uint8Array.of(1, 2, 3)))))).toThrow(
    'Tensor w has 3 bytes, which are no whole number of float32 values.',
  );
  const sequence = withGraph((g) => {
    g.message(11, (v) => {
      v.string(1, 'xs');
      v.message(2, (type) => type.message(4, () => {}));
    });
  });
  expect(() => readModel(sequence)).toThrow('Value xs is a sequence; only tensors are supported.');
  expect(() => readModel(Uint8Array.of())).toThrow('This is not an ONNX model');
  expect(() => readModel(new TextEncoder().encode('x,y\n1,2\n'))).toThrow('The file is');
});

test('a file held in a slice of a larger buffer is read like one of its own', () => {
  const g = new GraphBuilder();
  g.output('y', 'float32', ['N'], g.node('Elu', [g.input('x', 'float32', ['N'])], { alpha: float(0.25) }));
  const bytes = g.toBytes();
  const pool = Buffer.alloc(bytes.length + 24, 0xff);
  pool.set(bytes, 13);
  const read = readModel(pool.subarray(13, 13 + bytes.length));
  expect(read.graph.nodes[0]!.attributes.alpha).toEqual({ kind: 'float', value: 0.25 });
});

test('functions that call each other in a circle are refused', () => {
  const w = new ProtoWriter();
  w.varint(1, 9);
  w.message(7, (g) => g.message(1, (n) => call(n, 'a')));
  for (const [name, other] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    w.message(25, (f) => {
      f.string(1, name);
      f.message(7, (n) => call(n, other));
      f.string(10, 'own');
    });
  }
  expect(() => readModel(w.finish().slice())).toThrow('call each other too deeply');
});

function call(n: ProtoWriter, op: string): void {
  n.string(4, op);
  n.string(7, 'own');
}
