/** The unrolled layers against onnxruntime's own recurrent operators, an independent implementation. */
import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { ShapeError } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { runForward } from './testing/gradient-check.ts';

const [STEPS, ROWS, INPUTS, HIDDEN] = [5, 3, 4, 2];
const random = new Random(8);
const draw = (count: number): number[] => Array.from({ length: count }, () => random.normal());

/** [a, b] row-major as [b, a]. */
const turned = (x: readonly number[], a: number, b: number): number[] =>
  Array.from({ length: a * b }, (_, i) => x[(i % a) * b + Math.floor(i / a)]!);

async function reference(op: 'LSTM' | 'GRU', tensors: Readonly<Record<string, Tensor>>): Promise<number[]> {
  const graph = new GraphBuilder();
  const names = Object.entries(tensors).map(([name, t]) => graph.input(name, 'float32', t.dims));
  const attributes = { hidden_size: HIDDEN, ...(op === 'GRU' ? { linear_before_reset: 1 } : {}) };
  graph.output('y', 'float32', [STEPS, 1, ROWS, HIDDEN], graph.node(op, names, attributes));
  const session = await nodeRuntime.createSession(graph.toBytes());
  const out = await session.run(tensors);
  await session.dispose();
  return Array.from(out.y!.data, Number);
}

const tensor = (values: readonly number[], dims: readonly number[]): Tensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from(values),
});

test.each([
  ['lstm', 'LSTM', 4, 'training'],
  ['gru', 'GRU', 3, 'training'],
  ['lstm', 'LSTM', 4, 'inference'],
  ['gru', 'GRU', 3, 'inference'],
] as const)('%s computes what the %s operator of %s gates does, in %s', async (ours, theirs, gates, mode) => {
  const wide = gates * HIDDEN;
  const [x, w, r, b] = [STEPS * ROWS * INPUTS, INPUTS * wide, HIDDEN * wide, wide].map(draw) as [
    number[],
    number[],
    number[],
    number[],
  ];
  const own = draw(HIDDEN);
  const net = new NetworkBuilder();
  const values = [
    net.input('x', [1, STEPS, mode === 'training' ? ROWS : 'N', INPUTS]),
    net.input('w', [1, INPUTS, wide]),
    net.input('r', [1, HIDDEN, wide]),
    net.input('b', [1, 1, wide]),
    ...(ours === 'gru' ? [net.input('own', [1, 1, HIDDEN])] : []),
  ];
  const y = net.apply(ours, values);
  const result = await runForward(nodeRuntime, net.build(), y, { x, w, r, b, own }, mode, { N: ROWS });
  const recurrentBias = ours === 'gru' ? [...new Array<number>(2 * HIDDEN).fill(0), ...own] : b.map(() => 0);
  const expected = await reference(theirs, {
    x: tensor(x, [STEPS, ROWS, INPUTS]),
    w: tensor(turned(w, INPUTS, wide), [1, wide, INPUTS]),
    r: tensor(turned(r, HIDDEN, wide), [1, wide, HIDDEN]),
    b: tensor([...b, ...recurrentBias], [1, 2 * wide]),
  });
  expect(result.length).toBe(expected.length);
  result.forEach((v, i) => {
    expect(v).toBeCloseTo(expected[i]!, 5);
  });
});

test('weights of another width are refused', () => {
  const net = new NetworkBuilder();
  const shapes = [
    [1, 2, 3, 4],
    [1, 4, 8],
    [1, 2, 6],
    [1, 1, 8],
  ];
  const values = shapes.map((shape, i) => net.input(`v${i}`, shape));
  expect(() => net.apply('lstm', values)).toThrow(ShapeError);
});
