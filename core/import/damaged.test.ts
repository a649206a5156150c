import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caseNames, readCase } from '#tests/golden/onnx/corpus.ts';
import { functionalHash } from '../onnx/canonical.ts';
import type { Attribute, Graph, Model, Node } from '../onnx/model.ts';
import { readModel } from '../onnx/read.ts';
import { validateModel } from '../onnx/validate.ts';
import { OnnxError } from '../onnx/wire.ts';
import { ImportError } from './import-error.ts';
import { importNetwork } from './import-network.ts';

const cases = new Map(caseNames.map((name) => [name, readCase(name)]));
const anyCase = fc.constantFrom(...caseNames);

/** Runs `act`; a refusal is fine, any other error is not. */
function refusesAtMost(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof OnnxError || error instanceof ImportError)) throw error;
    expect(error.message.length).toBeGreaterThan(10);
  }
}

test('files with bytes changed, cut out or cut off are read or refused', () => {
  const edit = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom('set', 'cut', 'end', 'swell') });
  fc.assert(
    fc.property(anyCase, fc.array(edit, { minLength: 1, maxLength: 4 }), (name, edits) => {
      const { bytes } = cases.get(name)!;
      let damaged = Uint8Array.from(bytes);
      for (const { at, byte, kind } of edits) {
        const place = at % Math.max(1, damaged.length);
        if (kind === 'set') damaged[place] = byte;
        else if (kind === 'end') damaged = damaged.slice(0, place);
        else if (kind === 'cut')
          damaged = Uint8Array.from([...damaged.slice(0, place), ...damaged.slice(place + 1 + (byte % 8))]);
        else damaged = Uint8Array.from([...damaged.slice(0, place), byte, ...damaged.slice(place)]);
      }
      refusesAtMost(() => {
        const model = readModel(damaged);
        validateModel(model);
        importNetwork(model);
      });
    }),
    { numRuns: 150 },
  );
});

/** Sizes and axes as a mistaken or hostile file might state them. */
const oddInt = fc.oneof(
  fc.integer({ min: -3, max: 9 }),
  fc.constantFrom(0, 2 ** 31, 2 ** 40, -(2 ** 31), Number.MAX_SAFE_INTEGER),
);

interface Twist {
  readonly kind: 'attribute' | 'drop' | 'rewire' | 'op' | 'constant' | 'output' | 'input';
  readonly node: number;
  readonly which: number;
  readonly value: number;
}

function twisted(model: Model, { kind, node: n, which, value }: Twist): Model {
  const { graph } = model;
  const i = n % graph.nodes.length;
  const node = graph.nodes[i]!;
  const withNode = (changed: Partial<Node>): Model => ({
    ...model,
    graph: { ...graph, nodes: graph.nodes.with(i, { ...node, ...changed }) },
  });
  const names = [
    ...graph.initializers.keys(),
    ...graph.nodes.slice(0, i).flatMap((m) => m.outputs),
    ...graph.inputs.map((v) => v.name),
  ];
  if (kind === 'attribute') {
    const keys = Object.keys(node.attributes);
    const key = keys[which % Math.max(1, keys.length)];
    return key === undefined
      ? model
      : withNode({ attributes: { ...node.attributes, [key]: odd(node.attributes[key]!, value, which) } });
  }
  if (kind === 'drop') return withNode({ inputs: node.inputs.toSpliced(which % Math.max(1, node.inputs.length), 1) });
  if (kind === 'rewire') {
    const at = which % Math.max(1, node.inputs.length);
    return withNode({
      inputs: node.inputs.map((name, k) => (k === at ? names[Math.abs(value) % names.length]! : name)),
    });
  }
  if (kind === 'op') return withNode({ op: graph.nodes[which % graph.nodes.length]!.op });
  if (kind === 'output') return withNode({ outputs: node.outputs.slice(1) });
  if (kind === 'input') return { ...model, graph: withInput(graph, which, value) };
  const whole = [...graph.initializers].filter(([, t]) => t.type === 'int64' && t.data.length > 0);
  const [name, tensor] = whole[which % Math.max(1, whole.length)] ?? [];
  if (name === undefined || !tensor) return model;
  const data = BigInt64Array.from(tensor.data as BigInt64Array);
  data[n % data.length] = BigInt(value);
  return { ...model, graph: { ...graph, initializers: new Map(graph.initializers).set(name, { ...tensor, data }) } };
}

function odd(attribute: Attribute, value: number, at: number): Attribute {
  if (attribute.kind === 'int') return { kind: 'int', value };
  if (attribute.kind === 'float') return { kind: 'float', value };
  if (attribute.kind === 'ints')
    return { kind: 'ints', value: [...Array.from(attribute.value, Number).slice(0, at % 4), value] };
  if (attribute.kind === 'tensor')
    return { kind: 'tensor', value: { type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(value)) } };
  return { kind: 'string', value: String(value) };
}

function withInput(graph: Graph, which: number, value: number): Graph {
  const i = which % graph.inputs.length;
  const input = graph.inputs[i]!;
  const dims = input.dims!.with(which % input.dims!.length, value);
  return { ...graph, inputs: graph.inputs.with(i, { ...input, dims }) };
}

test('networks with odd attributes, wires, operators and sizes are imported or refused', () => {
  const twist: fc.Arbitrary<Twist> = fc.record({
    kind: fc.constantFrom('attribute', 'drop', 'rewire', 'op', 'constant', 'output', 'input'),
    node: fc.nat(),
    which: fc.nat(),
    value: oddInt,
  });
  fc.assert(
    fc.property(anyCase, fc.array(twist, { minLength: 1, maxLength: 3 }), (name, twists) => {
      const odd = twists.reduce(twisted, cases.get(name)!.model);
      refusesAtMost(() => functionalHash(odd.graph));
      refusesAtMost(() => validateModel(odd));
      refusesAtMost(() => importNetwork(odd));
    }),
    { numRuns: 300 },
  );
});
