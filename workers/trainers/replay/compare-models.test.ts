import { expect, test } from 'vitest';
import { float } from '#core/onnx/attributes.ts';
import { GraphBuilder } from '#core/onnx/builder.ts';
import { describeGraphDifference } from './compare-models.ts';

function model(weights: number[], slope = 0.5, negated = false): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['N', weights.length]);
  const scaled = g.node('LeakyRelu', [g.node('Mul', [x, g.float32(Float32Array.from(weights), [weights.length])])], {
    alpha: float(slope),
  });
  g.output('y', 'float32', ['N', weights.length], negated ? g.node('Neg', [scaled]) : scaled);
  return g.toBytes();
}

test('equal graphs, and the weight that differs most', () => {
  expect(describeGraphDifference(model([1, 2, Number.NaN]), model([1, 2, Number.NaN]))).toBeNull();
  const words = describeGraphDifference(model([1, 2, 3]), model([1, 2.25, 3.125]));
  expect(words).toMatch(/^the largest weight difference is 2\.50e-1, in \S+$/);
  expect(describeGraphDifference(model([1, 2]), model([1, Number.NaN]))).toContain('Infinity');
  expect(describeGraphDifference(model([1], 0.5), model([1], 0.25))).toContain(
    '2.50e-1, in alpha of node 2 (LeakyRelu',
  );
});

test('graphs that are built otherwise', () => {
  expect(describeGraphDifference(model([1]), model([1], 0.5, true))).toBe(
    'the recorded graph has 2 nodes, the rebuilt one 3',
  );
  expect(describeGraphDifference(model([1, 2]), model([1, 2, 3]))).toContain(
    'holds 2 numbers in the recorded graph, 3',
  );
});
