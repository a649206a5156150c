import { expect, test } from 'vitest';
import { caseNames, readCase } from '#tests/golden/onnx/corpus.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { GraphBuilder } from './builder.ts';
import { composeModels } from './compose.ts';
import { mergeModels } from './merge.ts';
import type { Model } from './model.ts';
import { validateModel } from './validate.ts';
import { writeModel } from './write.ts';

async function run(model: Model, feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
  expect(validateModel(model)).toEqual([]);
  const session = await nodeRuntime.createSession(writeModel(model));
  const out = await session.run(feeds);
  await session.dispose();
  return out;
}

/** x scaled and clipped, then one dense layer of its own: what two learners on one preparation look like. */
function learner(weight: number, names: string): Model {
  const g = new GraphBuilder(names);
  const x = g.input('x', 'float32', ['N', 2]);
  const prepared = g.node('Clip', [g.node('Div', [x, g.float32([2, 4])]), g.float32(-1), g.float32(1)]);
  const w = g.constant({ type: 'float32', dims: [2, 1], data: Float32Array.of(weight, 1) }, names);
  g.output('y', 'float32', ['N', 1], g.node('MatMul', [prepared, w]));
  return g.toModel();
}

const x: Tensor = { type: 'float32', dims: [2, 2], data: Float32Array.of(1, -2, 8, 1) };

test('preparation that models share is computed once', async () => {
  const merged = mergeModels([
    { model: learner(3, 'first'), prefix: 'a.' },
    { model: learner(5, 'second'), prefix: 'b.' },
    { model: learner(3, 'third'), prefix: 'c.' },
  ]);
  expect(merged.graph.nodes.filter((n) => n.op !== 'Identity').map((n) => n.op)).toEqual([
    'Div',
    'Clip',
    'MatMul',
    'MatMul',
  ]);
  expect(merged.graph.initializers.size).toBe(5);
  const out = await run(merged, { x });
  expect(Array.from(out['a.y']!.data as Float32Array)).toEqual([1, 3.25]);
  expect(Array.from(out['b.y']!.data as Float32Array)).toEqual([2, 5.25]);
  expect(out['c.y']!.data).toEqual(out['a.y']!.data);
});

test('real networks merged compute what they compute alone', async () => {
  const pairs = [
    ['cnn', 'cnn-bn'],
    ['lstm', 'gru'],
    ['mlp', 'mlp-typed'],
    ['vit', 'convnext'],
  ] as const;
  for (const [a, b] of pairs) {
    expect(caseNames).toContain(b);
    const [one, two] = [readCase(a), readCase(b)];
    // Each keeps an input of its own: the graphs are renamed apart where they mean different things.
    const apart = (model: Model, name: string): Model => renamedInput(model, `${name}.x`);
    const merged = mergeModels([
      { model: apart(one.model, a), prefix: `${a}.` },
      { model: apart(two.model, b), prefix: `${b}.` },
    ]);
    const out = await run(merged, { [`${a}.x`]: one.inputs.x!, [`${b}.x`]: two.inputs.x! });
    for (const [name, golden] of [
      [a, one],
      [b, two],
    ] as const) {
      const found = out[`${name}.y`]!.data as Float32Array;
      golden.eval.output.forEach((v, i) => {
        expect(Math.abs(found[i]! - v)).toBeLessThan(1e-5);
      });
    }
  }
});

function renamedInput(model: Model, name: string): Model {
  const rename = (v: string): string => (v === 'x' ? name : v);
  const { graph } = model;
  return {
    ...model,
    graph: {
      ...graph,
      inputs: graph.inputs.map((i) => ({ ...i, name: rename(i.name) })),
      nodes: graph.nodes.map((n) => ({ ...n, inputs: n.inputs.map(rename) })),
    },
  };
}

test('models that contradict each other do not merge', () => {
  const other = new GraphBuilder();
  other.output('y', 'float32', ['N', 3], other.node('Neg', [other.input('x', 'float32', ['N', 3])]));
  const parts = (second: Model, prefix: string) => [
    { model: learner(1, 'a'), prefix: '' },
    { model: second, prefix },
  ];
  expect(() => mergeModels(parts(other.toModel(), 'b.'))).toThrow(
    'Input x is float32 [N, 2] in one model and float32 [N, 3] in another.',
  );
  expect(() => mergeModels(parts(learner(2, 'b'), ''))).toThrow('Two models have an output y: give them prefixes.');
  expect(() => mergeModels(parts({ ...learner(2, 'b'), opsets: { '': 17 } }, 'b.'))).toThrow('versions 20 and 17');
  expect(() => mergeModels([])).toThrow('nothing to merge');
});

test('one model behind another computes both', async () => {
  const prepare = new GraphBuilder();
  const raw = prepare.input('raw', 'float32', ['N', 2]);
  prepare.output('scaled', 'float32', ['N', 2], prepare.node('Mul', [raw, prepare.float32(2)]));
  const composed = composeModels(prepare.toModel(), learner(3, 'net'), { x: 'scaled' }, ['scaled']);
  expect(composed.graph.inputs.map((i) => i.name)).toEqual(['raw']);
  const out = await run(composed, { raw: x });
  expect(Array.from(out.scaled!.data as Float32Array)).toEqual([2, -4, 16, 2]);
  expect(Array.from(out.y!.data as Float32Array)).toEqual([2, 3.5]);
  expect(() => composeModels(prepare.toModel(), learner(3, 'net'), { x: 'other' })).toThrow('has no output other');
  const narrow = new GraphBuilder();
  narrow.output('scaled', 'float32', ['N', 1], narrow.node('Neg', [narrow.input('raw', 'float32', ['N', 1])]));
  expect(() => composeModels(narrow.toModel(), learner(3, 'net'), { x: 'scaled' })).toThrow(
    'Input x should be float32 [N, 2], but scaled is float32 [N, 1].',
  );
});
