import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float } from './attributes.ts';
import { GraphBuilder } from './builder.ts';
import { canonicalText, functionalHash } from './canonical.ts';
import type { Attribute, FileTensor, Graph, Model } from './model.ts';
import { readModel } from './read.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { OnnxError } from './wire.ts';
import { writeModel } from './write.ts';

const dims = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
const text = fc.string({ unit: 'binary', maxLength: 8 });
const tensor: fc.Arbitrary<FileTensor> = dims.chain((d) => {
  const n = d.reduce((a, b) => a * b, 1);
  const size = { minLength: n, maxLength: n };
  const make = <T extends FileTensor['data']>(type: FileTensor['type'], data: fc.Arbitrary<T>) =>
    data.map((values): FileTensor => ({ type, dims: d, data: values }));
  return fc.oneof(
    make('float32', fc.float32Array(size)),
    make('float64', fc.float64Array(size)),
    make('int32', fc.int32Array(size)),
    make('int64', fc.bigInt64Array(size)),
    make('uint8', fc.uint8Array(size)),
    make('int8', fc.int8Array(size)),
    make('int16', fc.int16Array(size)),
    make('uint16', fc.uint16Array(size)),
    make('float16', fc.uint16Array(size)),
    make('bfloat16', fc.uint16Array(size)),
    make('uint32', fc.uint32Array(size)),
    make('uint64', fc.bigUint64Array(size)),
    make('bool', fc.uint8Array({ ...size, max: 1 })),
    make('string', fc.array(text, size)),
  );
});
const int = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(2n ** 62n, -(2n ** 63n), 2n ** 63n - 1n));
const leaf: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record({ kind: fc.constant('float' as const), value: fc.float() }),
  fc.record({ kind: fc.constant('int' as const), value: int }),
  fc.record({ kind: fc.constant('string' as const), value: text }),
  fc.record({ kind: fc.constant('tensor' as const), value: tensor }),
  fc.record({ kind: fc.constant('floats' as const), value: fc.array(fc.float()) }),
  fc.record({ kind: fc.constant('ints' as const), value: fc.array(int) }),
  fc.record({ kind: fc.constant('strings' as const), value: fc.array(text) }),
);
const names = fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { maxLength: 3 });
const valueInfo = fc.record({
  name: text,
  type: fc.constantFrom('float32' as const, 'int64' as const, 'string' as const),
  dims: fc.option(fc.array(fc.oneof(fc.nat(9), fc.constantFrom('N', 'rows'), fc.constant(null)), { maxLength: 3 })),
});
const { graph } = fc.letrec<{ graph: Graph; attribute: Attribute }>((tie) => ({
  attribute: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('graph' as const), value: tie('graph') }),
  ),
  graph: fc.record({
    name: text,
    inputs: fc.array(valueInfo, { maxLength: 2 }),
    outputs: fc.array(valueInfo, { maxLength: 2 }),
    initializers: fc
      .dictionary(fc.string({ minLength: 1, maxLength: 4 }), tensor, { maxKeys: 3, noNullPrototype: true })
      .map((d) => new Map(Object.entries(d))),
    nodes: fc.array(
      fc.record({
        op: text,
        domain: fc.constantFrom('', 'ai.onnx.ml'),
        name: text,
        inputs: names,
        outputs: names,
        attributes: fc.dictionary(fc.string({ maxLength: 5 }), tie('attribute'), { maxKeys: 3, noNullPrototype: true }),
      }),
      { maxLength: 3 },
    ),
  }),
}));
const model: fc.Arbitrary<Model> = fc.record({
  irVersion: fc.integer({ min: 3, max: 12 }),
  producer: text,
  opsets: fc.dictionary(fc.constantFrom('', 'ai.onnx.ml'), fc.integer({ min: 1, max: 25 }), { noNullPrototype: true }),
  metadata: fc.dictionary(fc.string({ maxLength: 5 }), text, { noNullPrototype: true }),
  graph,
});

test('utf8 agrees with the platform on any code units and any bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff)), (units) => {
      const s = String.fromCharCode(...units);
      expect([...encodeUtf8(s)]).toEqual([...new TextEncoder().encode(s)]);
    }),
  );
  fc.assert(
    fc.property(text, (s) => {
      expect(decodeUtf8(new TextEncoder().encode(s))).toBe(
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(s)),
      );
    }),
  );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeUtf8(bytes)));
});

/** Lists as plain arrays, so that packed and typed lists compare equal. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(plain);
  if (ArrayBuffer.isView(value)) return [...(value as Float32Array)].map((v) => (Object.is(v, -0) ? '-0' : v));
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
}

test('any model survives writing and reading', () => {
  fc.assert(
    fc.property(model, (m) => {
      expect(plain(readModel(writeModel(m)))).toEqual(plain(m));
    }),
    { numRuns: 300 },
  );
});

test('damaged files are refused with an OnnxError, never with another error', () => {
  fc.assert(
    fc.property(model, fc.nat(), fc.nat(255), fc.boolean(), (m, where, byte, cut) => {
      const bytes = writeModel(m);
      const damaged = cut ? bytes.subarray(0, where % bytes.length) : bytes.with(where % bytes.length, byte);
      try {
        readModel(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(OnnxError);
      }
    }),
    { numRuns: 500 },
  );
});

function affine(order: 'ab' | 'ba', prefix: string): GraphBuilder {
  const g = new GraphBuilder();
  const x = g.input(`${prefix}x`, 'float32', ['N', 2]);
  g.node('Neg', [x]);
  const make = { a: () => g.node('Mul', [x, g.float32(2)]), b: () => g.node('Elu', [x], { alpha: float(0.5) }) };
  const parts = new Map<string, string>();
  for (const key of order) parts.set(key, make[key as 'a' | 'b']());
  g.output(`${prefix}y`, 'float32', ['N', 2], g.node('Sub', [parts.get('a')!, parts.get('b')!]));
  return g;
}

test('the hash ignores names, order and unused nodes, and nothing else', () => {
  const base = functionalHash(affine('ab', '').toGraph());
  expect(functionalHash(affine('ba', 'other').toGraph())).toBe(base);
  expect(functionalHash(readModel(affine('ab', '').toBytes()).graph)).toBe(base);
  expect(canonicalText(affine('ab', '').toGraph())).not.toContain('Neg');
  const swapped = affine('ab', '').toGraph();
  const nodes = swapped.nodes.map((n) => (n.op === 'Sub' ? { ...n, inputs: [...n.inputs].reverse() } : n));
  expect(functionalHash({ ...swapped, nodes })).not.toBe(base);
});

test('the builder shares constants, renames outputs and states the domains it uses', () => {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['N']);
  expect(g.float32([1, 2])).toBe(g.float32([1, 2]));
  expect(g.float32([1, 2])).not.toBe(g.float32([1, 2], [1, 2]));
  expect(g.float32(0)).not.toBe(g.float32(-0));
  const y = g.node('Neg', [x]);
  g.output('y', 'float32', ['N'], y);
  g.output('again', 'float32', ['N'], y);
  g.output('same', 'float32', ['N'], x);
  g.metadata('warmstart', '{"é":1}');
  const back = readModel(g.toBytes());
  expect(back.graph.nodes.map((n) => [n.op, n.outputs[0]])).toEqual([
    ['Neg', 'y'],
    ['Identity', 'again'],
    ['Identity', 'same'],
  ]);
  expect(back.graph.nodes[1]!.inputs).toEqual(['y']);
  expect(back.opsets).toEqual({ '': 20 });
  expect(back.metadata).toEqual({ warmstart: '{"é":1}' });
  expect(() => g.input('y', 'float32', [])).toThrow('already in use');
  expect(() => g.node('Elu', [x], { alpha: 0.5 })).toThrow('float(0.5)');
});
