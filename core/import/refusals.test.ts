import { expect, test } from 'vitest';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Dim } from '../onnx/model.ts';
import { importNetwork } from './import-network.ts';
import { type ImportOptions, isFrozen, isParameter, matches } from './options.ts';

type Build = (g: GraphBuilder, x: string) => string;

function importing(build: Build, dims: readonly Dim[] = ['N', 4], options: ImportOptions = {}) {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', dims);
  g.output('y', 'float32', null, build(g, x));
  return () => importNetwork(g.toModel(), options);
}

const weights = (g: GraphBuilder, ...dims: number[]): string =>
  g.float32(new Float32Array(dims.reduce((a, b) => a * b, 1)), dims);

test('operators that cannot be trained are named with their nodes, all at once', () => {
  const build: Build = (g, x) => g.node('Sign', [g.node('IsNaN', [g.node('Det', [x])])]);
  expect(importing(build)).toThrow(
    /^These nodes have operators that cannot be trained: Det_0 \(Det\), IsNaN_1 \(IsNaN\), Sign_2 \(Sign\)\.$/,
  );
  const own: Build = (g, x) => g.node('FusedMatMul', [x, x], {}, { domain: 'com.microsoft' });
  expect(importing(own)).toThrow('FusedMatMul_0 (com.microsoft.FusedMatMul)');
});

test('what a node asks for and cannot have is said with its name', () => {
  expect(importing((g, x) => g.node('Pow', [x, g.float32(1.3)]))).toThrow(
    'Node Pow_1 (Pow): The exponent must be fixed, whole or half and at most 8, but is 1.2999999523162842.',
  );
  expect(importing((g, x) => g.node('Where', [g.node('Greater', [x, g.float32(0)]), x, x]))).toThrow(
    'Node Greater_1 (Greater): Greater can only be computed from numbers that the file fixes.',
  );
  const started: Build = (g, x) => {
    const inputs = [x, weights(g, 1, 8, 4), weights(g, 1, 8, 2), '', '', g.node('ReduceMean', [x, g.int64([0])])];
    return g.node('LSTM', inputs, { hidden_size: 2 });
  };
  expect(importing(started, [3, 'N', 4])).toThrow('(LSTM): Input 5, the first state, must be zero.');
  const early: Build = (g, x) => g.node('GRU', [x, weights(g, 1, 6, 4), weights(g, 1, 6, 2)], { hidden_size: 2 });
  expect(importing(early, [3, 'N', 4])).toThrow('The reset gate must come after the recurrent product');
  expect(importing((g, x) => g.node('Slice', [x, g.int64([0]), g.int64([1]), g.int64([0])]))).toThrow(
    'Axis 0 of size N cannot be cut from 0 to 1.',
  );
});

test('files that do not hold together are refused before anything is imported', () => {
  expect(importing((g, x) => g.node('MatMul', [x, weights(g, 5, 2)]))).toThrow(
    'Node MatMul_1 (MatMul): input 1, c_0, should be 4 rows, as [N, 4] has columns, but is float32 [5, 2].',
  );
});

test('open axes besides the rows need a size', () => {
  const build: Build = (g, x) => g.node('Softmax', [x]);
  expect(importing(build, ['batch', 'steps', 4])).toThrow('Axis 1 of input x has no size: give one for steps');
  const { network } = importing(build, ['batch', 'steps', 4], { sizes: { steps: 7 } })();
  expect(network.inputs.x!.shape).toEqual(['K', 'N', 7, 4]);
  const other = importing(build, ['steps', 'batch', 4], { sizes: { steps: 7 } })();
  expect(other.network.inputs.x!.shape).toEqual(['K', 7, 'N', 4]);
  expect(importing(build, [null, 4])().network.inputs.x!.shape).toEqual(['K', 'N', 4]);
  expect(importing(build, [3, 4])().network.inputs.x!.shape).toEqual(['K', 3, 4]);
});

test('patterns say which initialisers stay, train or are no parameters', () => {
  expect(matches('encoder.0.weight', ['encoder.*'])).toBe(true);
  expect(matches('encoder.0.weight', ['*.0.*'])).toBe(true);
  expect(matches('encoder.0.weight', ['*weights', 'enc'])).toBe(false);
  expect(matches('aa', ['a*a'])).toBe(true);
  expect(matches('a', ['a*a'])).toBe(false);
  expect(isFrozen('head.weight', { freeze: ['*'], train: ['head.*'] })).toBe(false);
  expect(isFrozen('body.weight', { freeze: ['*'], train: ['head.*'] })).toBe(true);
  expect(isParameter('fc.bias', [1], [0.5], {})).toBe(true);
  expect(isParameter('val_12', [1], [0.5], {})).toBe(false);
  expect(isParameter('scale', [], [0.5], {})).toBe(false);
  expect(isParameter('mask', [2], [0, Number.NEGATIVE_INFINITY], {})).toBe(false);
  expect(isParameter('position', [2, 2], [1, 2, 3, 4], { constants: ['pos*'] })).toBe(false);
  const build: Build = (g, x) => g.node('Add', [x, g.float32([1, 2, 3, 4])]);
  expect(importing(build)().parameters.length).toBe(1);
  expect(importing(build, ['N', 4], { constants: ['*'] })().parameters.length).toBe(0);
});

test('places and axes that are not there are refused where the file fixes them', () => {
  const beyond: Build = (g, x) => g.node('Reshape', [x, g.node('Gather', [g.int64([2, 3]), g.int64([5])])]);
  expect(importing(beyond)).toThrow('(Gather): It reads beyond the end of its fixed inputs.');
  const twice: Build = (g, x) => g.node('Unsqueeze', [x, g.int64([0, 0])]);
  expect(importing(twice)).toThrow('The axes 0, 0 are not all different.');
  const between: Build = (g, x) =>
    g.node('Unsqueeze', [x, g.node('Constant', [], { value_floats: new Float32Array([0.5]) })]);
  expect(importing(between)).toThrow('There is no axis 0.5 among 3.');
});
