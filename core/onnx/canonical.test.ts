import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caseNames, readCase } from '#tests/golden/onnx/corpus.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { Random } from '../math/random.ts';
import { float } from './attributes.ts';
import { GraphBuilder } from './builder.ts';
import { canonicalText, functionalHash, modelHash } from './canonical.ts';
import type { Attribute, FileTensor, Graph, Node } from './model.ts';
import { mapNames } from './rename.ts';

/** The nodes in another order in which every node follows what it reads. */
function reordered(nodes: readonly Node[], random: Random): Node[] {
  const producer = new Map(nodes.flatMap((n, i) => n.outputs.map((o) => [o, i] as const)));
  const waits = nodes.map((n) => new Set(n.inputs.flatMap((name) => producer.get(name) ?? [])));
  const open = new Set(nodes.keys());
  const order: Node[] = [];
  while (open.size > 0) {
    const ready = [...open].filter((i) => [...waits[i]!].every((j) => !open.has(j)));
    const next = ready[random.integer(ready.length)]!;
    open.delete(next);
    order.push(nodes[next]!);
  }
  return order;
}

const graphs = new Map(caseNames.map((name) => [name, readCase(name).model.graph]));
const hashes = new Map([...graphs].map(([name, graph]) => [name, functionalHash(graph)]));
const anyGraph = fc.constantFrom(...graphs.keys());

test('the hash of a real network does not depend on names or on the order of nodes', () => {
  fc.assert(
    fc.property(anyGraph, fc.nat(1e6), (name, seed) => {
      const graph = graphs.get(name)!;
      const random = new Random(seed);
      const names = new Map<string, string>();
      const rename = (old: string): string => {
        const known = names.get(old) ?? `${random.integer(1e9)}.${names.size}`;
        names.set(old, known);
        return known;
      };
      const other = mapNames({ ...graph, nodes: reordered(graph.nodes, random) }, rename);
      const shuffled = [...other.initializers].sort(() => random.uniform() - 0.5);
      expect(functionalHash({ ...other, initializers: new Map(shuffled) })).toBe(hashes.get(name));
    }),
    { numRuns: 60 },
  );
});

/** The same kind of attribute with another value, or null where there is none to change. */
function changed(attribute: Attribute): Attribute | null {
  if (attribute.kind === 'int') return { kind: 'int', value: Number(attribute.value) + 1 };
  if (attribute.kind === 'float') return { kind: 'float', value: attribute.value * 1.25 + 0.5 };
  if (attribute.kind === 'string') return { kind: 'string', value: `${attribute.value}x` };
  if (attribute.kind === 'ints') return { kind: 'ints', value: [...Array.from(attribute.value, Number), 7] };
  return null;
}

/** The tensor with one bit of one element flipped. */
function flipped(tensor: FileTensor, at: number): FileTensor | null {
  const { data } = tensor;
  if (!ArrayBuffer.isView(data) || data.byteLength === 0) return null;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  bytes[at % bytes.length]! ^= 1;
  const make = data.constructor as new (buffer: ArrayBuffer) => FileTensor['data'];
  return { ...tensor, data: new make(bytes.buffer) };
}

test('any attribute and any weight changes the hash of a real network', () => {
  fc.assert(
    fc.property(anyGraph, fc.nat(), fc.nat(), (name, which, at) => {
      const graph = graphs.get(name)!;
      const edits: (() => Graph | null)[] = [];
      graph.nodes.forEach((node, i) => {
        for (const [key, attribute] of Object.entries(node.attributes)) {
          edits.push(() => {
            const value = changed(attribute);
            const nodes = graph.nodes.with(i, { ...node, attributes: { ...node.attributes, [key]: value! } });
            return value && { ...graph, nodes };
          });
        }
      });
      for (const [key, tensor] of graph.initializers) {
        edits.push(() => {
          const value = flipped(tensor, at);
          return value && { ...graph, initializers: new Map(graph.initializers).set(key, value) };
        });
      }
      const edited = edits[which % edits.length]!();
      if (edited) expect(functionalHash(edited)).not.toBe(hashes.get(name));
    }),
    { numRuns: 150 },
  );
});

test('constants and initialisers are one, identities are none, zeros keep their sign, and versions count', () => {
  const build = (asNode: boolean, slope: number): GraphBuilder => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['N']);
    const two: Tensor = { type: 'float32', dims: [], data: Float32Array.of(2) };
    const by = asNode ? g.node('Identity', [g.node('Constant', [], { value: two })]) : g.float32(2);
    g.output('y', 'float32', ['N'], g.node('Elu', [g.node('Mul', [x, by])], { alpha: float(slope) }));
    return g;
  };
  const base = build(false, 0);
  expect(functionalHash(build(true, 0).toGraph())).toBe(functionalHash(base.toGraph()));
  expect(canonicalText(build(false, -0).toGraph())).not.toBe(canonicalText(base.toGraph()));
  const model = base.toModel();
  expect(modelHash({ ...model, opsets: { '': 19 } })).not.toBe(modelHash(model));
  expect(modelHash({ ...model, opsets: { ...model.opsets, 'ai.onnx.ml': 3 } })).toBe(modelHash(model));
});

test('random draws with different inputs may come in any order', () => {
  const build = (order: 'ab' | 'ba'): Graph => {
    const g = new GraphBuilder();
    const inputs = { a: g.input('a', 'float32', [2]), b: g.input('b', 'float32', [2]) };
    const drawn = new Map<string, string>();
    for (const key of order) drawn.set(key, g.node('RandomUniformLike', [inputs[key as 'a']]));
    g.output('y', 'float32', [2], g.node('Sub', [drawn.get('a')!, drawn.get('b')!]));
    return g.toGraph();
  };
  expect(functionalHash(build('ab'))).toBe(functionalHash(build('ba')));
});
