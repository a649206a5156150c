import { expect, test } from 'vitest';
import { caseNames, readCase } from '#tests/golden/onnx/corpus.ts';
import { GraphBuilder } from './builder.ts';
import type { Model } from './model.ts';
import { checkModel, showProblem, validateModel } from './validate.ts';

test('real exports hold together', () => {
  for (const name of caseNames) expect([name, ...validateModel(readCase(name).model)]).toEqual([name]);
});

type Build = (g: GraphBuilder, x: string) => string;

/** Problems of a graph with input x [N, 4, 8, 8] and one output. */
function problemsOf(build: Build, change: (m: Model) => Model = (m) => m): string[] {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['N', 4, 8, 8]);
  g.output('y', 'float32', null, build(g, x));
  // Numbers that the builder counts up are of no interest.
  return validateModel(change(g.toModel())).map((p) => showProblem(p).replaceAll(/\b([A-Za-z]+)_\d+\b/g, '$1'));
}

const zeros = (g: GraphBuilder, dims: number[]): string =>
  g.constant({ type: 'float32', dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) }, 'w');

test('errors name the node, its input, what was expected and what was found', () => {
  expect(problemsOf((g, x) => g.node('Conv', [x, zeros(g, [6, 3, 3, 3])]))).toEqual([
    'Node Conv (Conv): input 1, w, should be 4 channels on axis 1 for 4 channels in 1 groups, but is float32 [6, 3, 3, 3].',
  ]);
  expect(problemsOf((g, x) => g.node('Conv', [x, zeros(g, [6, 4, 3, 3]), zeros(g, [5])]))).toEqual([
    'Node Conv (Conv): input 2, w, should be a bias of shape [6], but is float32 [5].',
  ]);
  expect(problemsOf((g, x) => g.node('Conv', [x, zeros(g, [6, 4, 9, 9])]))).toEqual([
    'Node Conv (Conv): input 0, x, should be at least 9 places on axis 2 for the window, but is float32 [N, 4, 8, 8].',
  ]);
  expect(problemsOf((g, x) => g.node('Add', [x, zeros(g, [3])]))).toEqual([
    'Node Add (Add): input 1, w, should be a shape that broadcasts against [N, 4, 8, 8], but is float32 [3].',
  ]);
  expect(problemsOf((g, x) => g.node('Add', [x, g.int64(1)]))).toEqual([
    'Node Add (Add): input 1, c, should be numbers of float32, but is int64 [].',
  ]);
  expect(problemsOf((g, x) => g.node('MatMul', [x, zeros(g, [7, 2])]))).toEqual([
    'Node MatMul (MatMul): input 1, w, should be 8 rows, as [N, 4, 8, 8] has columns, but is float32 [7, 2].',
  ]);
  const flat: Build = (g) => g.node('Reshape', [zeros(g, [2, 5]), g.int64([3, -1])]);
  expect(problemsOf(flat)).toEqual([
    'Node Reshape (Reshape): input 1, c, should be a shape of the 10 elements of [2, 5], but is [3, -1].',
  ]);
  expect(problemsOf((g, x) => g.node('Transpose', [x], { perm: [0, 1] }))).toEqual([
    'Node Transpose (Transpose): attribute perm should be a permutation of the axes of [N, 4, 8, 8], but is [0, 1].',
  ]);
  expect(problemsOf((g, x) => g.node('Softmax', [x, x]))).toEqual([
    'Node Softmax (Softmax): number of inputs should be 1, but is 2.',
  ]);
  expect(problemsOf((g, x) => g.node('MatMul', [x, '']))).toEqual([
    'Node MatMul (MatMul): input 1 should be given, but is left out.',
  ]);
  expect(problemsOf((g) => g.node('Relu', ['nowhere']))).toEqual([
    'Node Relu (Relu): input 0 should be a value that is there before the node, but is nowhere.',
  ]);
});

test('the graph as a whole is checked: outputs, names, operator sets', () => {
  const relu: Build = (g, x) => g.node('Relu', [x]);
  const declared =
    (dims: number[]) =>
    (m: Model): Model => ({
      ...m,
      graph: { ...m.graph, outputs: [{ name: 'y', type: 'float32', dims }] },
    });
  expect(problemsOf(relu, declared([2, 4, 8, 8]))).toEqual([]);
  expect(problemsOf(relu, declared([2, 4, 8]))).toEqual([
    'output y should be float32 [N, 4, 8, 8], but is float32 [2, 4, 8].',
  ]);
  const twice = (m: Model): Model => ({ ...m, graph: { ...m.graph, nodes: [m.graph.nodes[0]!, m.graph.nodes[0]!] } });
  expect(problemsOf(relu, twice)).toEqual(['Node Relu (Relu): output should be a new name, but is y.']);
  expect(problemsOf(relu, (m) => ({ ...m, opsets: {} }))).toEqual([
    'Node Relu (Relu): operator set should be one that the model states, but is ai.onnx.',
  ]);
  const absent = (m: Model): Model => ({
    ...m,
    graph: { ...m.graph, outputs: [{ name: 'z', type: 'float32', dims: null }] },
  });
  expect(problemsOf(relu, absent)).toEqual(['an output should be a value that is computed, but is z.']);
  const g = new GraphBuilder();
  g.output('y', 'float32', null, g.node('Relu', [g.input('x', 'float32', ['N'])]));
  expect(() => checkModel(g.toModel())).not.toThrow();
  expect(() => checkModel({ ...g.toModel(), opsets: {} })).toThrow('operator set should be one that the model states');
});
