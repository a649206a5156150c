import { describe, expect, test } from 'vitest';
import { caseNames, readCase } from '#tests/golden/onnx/corpus.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { GraphBuilder } from '../builder.ts';
import type { Graph, Node, ValueInfo } from '../model.ts';
import { writeModel } from '../write.ts';
import { inferShapes } from './infer.ts';
import { broadcastDims } from './inferred.ts';

const COPY = ' copy';

/** The graph with a copy of every computed value as a further output; onnxruntime crashes on some that are outputs themselves. */
function opened(graph: Graph, infos: readonly ValueInfo[]): Graph {
  const copies = infos.map(({ name }): Node => {
    const from = { op: 'Identity', domain: '', name: '', attributes: {} };
    return { ...from, inputs: [name], outputs: [name + COPY] };
  });
  const outputs = infos.map((i) => ({ ...i, name: i.name + COPY }));
  return { ...graph, nodes: [...graph.nodes, ...copies], outputs };
}

describe.each(caseNames.filter((name) => !readCase(name).openRows))('%s', (name) => {
  test('every value has the type and the sizes that were inferred', async () => {
    const { model, inputs } = readCase(name);
    const { values, problems } = inferShapes(model);
    expect(problems).toEqual([]);
    const computed = model.graph.nodes.flatMap((n) => n.outputs.filter((o) => o !== ''));
    const infos = computed.map((o): ValueInfo => {
      const { type } = values.get(o)!;
      if (!type) throw new TypeError(`The type of ${o} is not known.`);
      return { name: o, type, dims: null };
    });
    const session = await nodeRuntime.createSession(writeModel({ ...model, graph: opened(model.graph, infos) }));
    const out = await session.run(inputs);
    await session.dispose();
    let [known, all] = [0, 0];
    for (const o of computed) {
      const { type, dims, elements } = values.get(o)!;
      const actual = out[o + COPY]!;
      expect(type).toBe(actual.type);
      if (!dims) throw new TypeError(`The rank of ${o} is not known.`);
      expect(dims.length).toBe(actual.dims.length);
      dims.forEach((d, i) => {
        const size = actual.dims[i];
        all++;
        if (d !== null) known++;
        if (typeof d === 'number') expect([o, size]).toEqual([o, d]);
        if (d === 'N') expect([o, size]).toEqual([o, 3]);
      });
      elements?.forEach((e, i) => {
        if (typeof e === 'number') expect(Number(actual.data[i])).toBe(e);
      });
    }
    expect(known / Math.max(1, all)).toBeGreaterThan(0.6);
  });
});

test('named sizes broadcast as far as is certain', () => {
  expect(broadcastDims(['N', 3], [3])).toEqual(['N', 3]);
  expect(broadcastDims(['N', 1], [2, 4])).toEqual([2, 4]);
  expect(broadcastDims(['N'], ['M'])).toEqual([null]);
  expect(broadcastDims([2], [3])).toBeNull();
});

test('sizes that follow from a subgraph are known', () => {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['N', 2]);
  const body = g.subgraph();
  body.input('i', 'int64', []);
  const go = body.input('go', 'bool', []);
  const state = body.input('s', 'float32', ['N', 2]);
  const next = body.node('Add', [state, state]);
  body.output('go_on', 'bool', [], go);
  body.output('next', 'float32', ['N', 2], next);
  body.output('sum', 'float32', ['N'], body.node('ReduceSum', [next, body.int64([1])], { keepdims: 0 }));
  const always = g.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const outputs = g.node('Loop', [g.int64(3), always, x], { body: body.toGraph() }, { outputs: 2 });
  g.output('last', 'float32', ['N', 2], outputs[0]!);
  g.output('sums', 'float32', [3, 'N'], outputs[1]!);
  const { values, problems } = inferShapes(g.toModel());
  expect(problems).toEqual([]);
  expect(values.get('last')).toEqual({ type: 'float32', dims: ['N', 2] });
  expect(values.get('sums')).toEqual({ type: 'float32', dims: [null, 'N'] });
});
