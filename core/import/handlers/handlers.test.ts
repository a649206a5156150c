import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Tensor } from '../../contracts/runtime.ts';
import { float } from '../../onnx/attributes.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { Model } from '../../onnx/model.ts';
import { writeModel } from '../../onnx/write.ts';
import { exportNetwork } from '../export-network.ts';
import { importNetwork } from '../import-network.ts';
import {
  after,
  type Build,
  type Case,
  causal,
  decided,
  draw,
  ints,
  mask,
  number,
  op,
  param,
  positive,
  resizes,
  weight,
  written,
} from '../testing/handler-graphs.ts';
import { handlers } from './registry.ts';

const cases: Case[] = [
  ...[
    'Relu',
    'Sigmoid',
    'Tanh',
    'Exp',
    'Abs',
    'Erf',
    'Sin',
    'Cos',
    'Neg',
    'Softplus',
    'Softsign',
    'Mish',
    'HardSwish',
    'Elu',
  ].map((name) => ({ name, shape: [5], build: op(name) })),
  ...['Selu', 'Celu', 'LeakyRelu', 'HardSigmoid', 'Gelu', 'Identity'].map((name) => ({
    name,
    shape: [5],
    build: op(name),
  })),
  ...['Log', 'Sqrt', 'Reciprocal'].map((name) => ({ name, shape: [5], build: after(positive, op(name)) })),
  { name: 'HardSigmoid of a sixth', shape: [5], build: op('HardSigmoid', { alpha: float(1 / 6), beta: float(0.5) }) },
  { name: 'Celu 2', shape: [5], build: op('Celu', { alpha: float(2) }) },
  { name: 'Gelu tanh', shape: [5], build: op('Gelu', { approximate: 'tanh' }) },
  { name: 'PRelu', shape: [3, 4], build: op('PRelu', {}, param(3, 1)) },
  { name: 'Clip', shape: [5], build: op('Clip', {}, number(-0.3), number(0.4)) },
  { name: 'Clip above', shape: [5], build: (g, x) => g.node('Clip', [x, '', g.float32(0.1)]) },
  ...[2, 3, 0.5, -1, -0.5, 1.5, 0, 1].map((p) => ({
    name: `Pow ${p}`,
    shape: [4],
    build: after(positive, op('Pow', {}, number(p))),
  })),
  { name: 'Mean of three', shape: [4], build: (g, x) => g.node('Mean', [x, weight(g, 4), g.node('Neg', [x])]) },
  {
    name: 'Max and Min',
    shape: [4],
    build: (g, x) => g.node('Max', [g.node('Min', [x, weight(g, 4)]), g.float32(-0.2)]),
  },
  { name: 'Sum of three', shape: [4], build: (g, x) => g.node('Sum', [x, weight(g, 4), x]) },
  { name: 'Swish', shape: [4], build: op('Swish', { alpha: float(1.5) }), opset: 24 },
  { name: 'RMSNormalization', shape: [3, 4], build: op('RMSNormalization', {}, param(4)), opset: 23 },
  { name: 'Sub from a number', shape: [4], build: (g, x) => g.node('Sub', [g.float32(1), x]) },
  { name: 'Div of a number', shape: [4], build: (g, x) => g.node('Div', [g.float32(2), positive(g, x)]) },
  { name: 'Where', shape: [3], build: (g, x) => g.node('Where', [mask(g, [1, 0, 1]), x, g.float32(-9)]) },
  { name: 'Cast and Dropout', shape: [3], build: (g, x) => g.node('Dropout', [g.node('Cast', [x], { to: 1 })]) },
  { name: 'MatMul with a matrix on the left', shape: [3, 2], build: (g, x) => g.node('MatMul', [weight(g, 4, 3), x]) },
  { name: 'MatMul with a vector', shape: [3, 2], build: op('MatMul', {}, param(2)) },
  {
    name: 'Gemm with factors',
    shape: [3],
    build: op('Gemm', { alpha: float(0.5), beta: float(2), transB: 1 }, param(4, 3), param(4)),
  },
  { name: 'Gemm without a bias', shape: [3], build: op('Gemm', {}, param(3, 4)) },
  {
    name: 'Einsum, attention',
    shape: [2, 3, 4],
    build: (g, x) => g.node('Einsum', [x, x], { equation: 'bhqd,bhkd->bhqk' }),
  },
  {
    name: 'Einsum, axes in another order',
    shape: [3, 4],
    build: op('Einsum', { equation: 'bij,kj->ibk' }, param(5, 4)),
  },
  {
    name: 'Conv 1-D, dilated, one-sided',
    shape: [3, 9],
    build: op('Conv', { dilations: [2], pads: [4, 0] }, param(4, 3, 3), param(4)),
  },
  {
    name: 'Conv padded by SAME_UPPER',
    shape: [2, 7, 6],
    build: op('Conv', { auto_pad: 'SAME_UPPER', strides: [2, 2] }, param(4, 2, 3, 3)),
  },
  {
    name: 'Conv padded by SAME_LOWER',
    shape: [2, 7, 6],
    build: op('Conv', { auto_pad: 'SAME_LOWER' }, param(4, 2, 2, 2)),
  },
  { name: 'Conv in groups', shape: [4, 5, 5], build: op('Conv', { group: 2 }, param(6, 2, 3, 3), param(6)) },
  {
    name: 'ConvTranspose in groups',
    shape: [4, 4],
    build: op('ConvTranspose', { group: 2, strides: [2], pads: [1, 0], output_padding: [1] }, param(4, 3, 3), param(6)),
  },
  {
    name: 'MaxPool rounding up',
    shape: [2, 6, 5],
    build: op('MaxPool', { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1 }),
  },
  {
    name: 'MaxPool padded',
    shape: [2, 6, 5],
    build: op('MaxPool', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  },
  { name: 'AveragePool padded', shape: [2, 6], build: op('AveragePool', { kernel_shape: [3], pads: [1, 1] }) },
  {
    name: 'AveragePool with padding that counts',
    shape: [2, 6],
    build: op('AveragePool', { kernel_shape: [3], pads: [1, 1], count_include_pad: 1 }),
  },
  {
    name: 'AveragePool SAME',
    shape: [2, 7],
    build: op('AveragePool', { kernel_shape: [3], strides: [2], auto_pad: 'SAME_UPPER' }),
  },
  { name: 'GlobalMaxPool', shape: [2, 4, 3], build: op('GlobalMaxPool') },
  { name: 'GlobalAveragePool', shape: [2, 4, 3], build: op('GlobalAveragePool') },
  {
    name: 'BatchNormalization',
    shape: [3, 4],
    build: (g, x) =>
      g.node('BatchNormalization', [x, weight(g, 3), weight(g, 3), weight(g, 3), g.float32([0.5, 1, 2])]),
  },
  {
    name: 'LayerNormalization over two axes',
    shape: [3, 4],
    build: op('LayerNormalization', { axis: -2 }, param(3, 4), param(3, 4)),
  },
  {
    name: 'LayerNormalization without a shift',
    shape: [4],
    build: op('LayerNormalization', { epsilon: float(1e-3) }, param(4)),
  },
  { name: 'InstanceNormalization', shape: [3, 4, 2], build: op('InstanceNormalization', {}, param(3), param(3)) },
  {
    name: 'GroupNormalization by group',
    shape: [4, 3],
    build: op('GroupNormalization', { num_groups: 2 }, param(2), param(2)),
  },
  ...[
    'ReduceSum',
    'ReduceMean',
    'ReduceMax',
    'ReduceMin',
    'ReduceL1',
    'ReduceL2',
    'ReduceSumSquare',
    'ReduceLogSumExp',
  ].map((name) => ({
    name,
    shape: [3, 4, 2],
    build: op(name, { keepdims: 0 }, ints(1, 3)),
  })),
  { name: 'ReduceMax keeping axes', shape: [3, 4], build: op('ReduceMax', {}, ints(-2)) },
  { name: 'Softmax in the middle', shape: [3, 4], build: op('Softmax', { axis: 1 }) },
  { name: 'LogSoftmax in the middle', shape: [3, 4], build: op('LogSoftmax', { axis: -2 }) },
  { name: 'Softmax of operator set 11', shape: [3, 4], build: op('Softmax', { axis: 1 }), opset: 11 },
  { name: 'Transpose of the rows', shape: [3, 4], build: op('Transpose', { perm: [2, 0, 1] }) },
  {
    name: 'Reshape with rows merged',
    shape: [3, 4],
    build: (g, x) =>
      g.node('Reshape', [g.node('Softmax', [g.node('Reshape', [x, g.int64([-1, 2])])]), g.int64([-1, 12])]),
  },
  { name: 'Flatten', shape: [3, 4], build: op('Flatten', { axis: 2 }) },
  {
    name: 'Squeeze and Unsqueeze',
    shape: [1, 4],
    build: (g, x) => g.node('Unsqueeze', [g.node('Squeeze', [x, g.int64([1])]), g.int64([-1, 1])]),
  },
  {
    name: 'Concat with a constant',
    shape: [2],
    build: (g, x) => g.node('Concat', [x, g.node('Neg', [x])], { axis: -1 }),
  },
  {
    name: 'Split evenly',
    shape: [7],
    build: (g, x) =>
      g.node(
        'Mul',
        g.node(
          'Split',
          [g.node('Slice', [x, g.int64([0]), g.int64([6]), g.int64([1])])],
          { axis: 1, num_outputs: 2 },
          { outputs: 2 },
        ),
      ),
  },
  { name: 'Slice backwards in steps', shape: [7], build: op('Slice', {}, ints(-1), ints(-100), ints(1), ints(-2)) },
  { name: 'Gather of one', shape: [4, 3], build: (g, x) => g.node('Gather', [x, g.int64(-1)], { axis: 1 }) },
  {
    name: 'Gather of a table',
    shape: [4, 3],
    build: (g, x) => g.node('Gather', [x, g.int64([0, 2, 2, 1], [2, 2])], { axis: 2 }),
  },
  { name: 'Expand', shape: [1, 3], build: op('Expand', {}, ints(2, 1)) },
  {
    name: 'Expand to the rows of x',
    shape: [3],
    build: (g, x) =>
      g.node('Add', [
        x,
        g.node('Expand', [
          weight(g, 1, 3),
          g.node('Concat', [g.node('Shape', [x], { start: 0, end: 1 }), g.int64([3])], { axis: 0 }),
        ]),
      ]),
  },
  ...['reflect', 'edge', 'wrap'].map((mode) => ({
    name: `Pad, ${mode}`,
    shape: [2, 5],
    build: op('Pad', { mode }, ints(0, 0, 2, 0, 0, 3)),
  })),
  { name: 'Pad with zeros and less than nothing', shape: [2, 5], build: op('Pad', {}, ints(0, 1, -1, 0, 0, 2)) },
  { name: 'Pad along an axis', shape: [2, 5], build: (g, x) => g.node('Pad', [x, g.int64([1, 2]), '', g.int64([2])]) },
  { name: 'Tile', shape: [2, 3], build: op('Tile', {}, ints(1, 2, 3)) },
  { name: 'DepthToSpace', shape: [8, 2, 3], build: op('DepthToSpace', { blocksize: 2 }) },
  { name: 'DepthToSpace, channels first', shape: [8, 2, 3], build: op('DepthToSpace', { blocksize: 2, mode: 'CRD' }) },
  { name: 'SpaceToDepth', shape: [2, 4, 6], build: op('SpaceToDepth', { blocksize: 2 }) },
  {
    name: 'Attention, causal, with a scale',
    shape: [2, 4, 3],
    build: (g, x) => g.node('Attention', [x, g.node('Neg', [x]), x], { is_causal: 1, scale: float(0.3) }),
    opset: 23,
  },
  {
    name: 'Attention with heads side by side and a mask',
    shape: [3, 4],
    build: (g, x) => {
      const seen = g.constant({ type: 'bool', dims: [3, 3], data: Uint8Array.of(1, 0, 1, 1, 1, 0, 0, 1, 1) });
      return g.node('Attention', [x, x, x, seen], { q_num_heads: 2, kv_num_heads: 2 });
    },
    opset: 23,
  },
  ...resizes(),
  ...['forward', 'reverse', 'bidirectional'].flatMap((direction) => {
    const d = direction === 'bidirectional' ? 2 : 1;
    const turned: Build = (g, x) => g.node('Transpose', [x], { perm: [1, 0, 2] });
    const options = { hidden_size: 3, direction };
    return [
      {
        name: `LSTM ${direction}`,
        shape: [4, 2],
        build: after(turned, op('LSTM', options, param(d, 12, 2), param(d, 12, 3), param(d, 24))),
      },
      {
        name: `GRU ${direction}`,
        shape: [4, 2],
        build: after(turned, op('GRU', { ...options, linear_before_reset: 1 }, param(d, 9, 2), param(d, 9, 3))),
      },
    ];
  }),
  { name: 'If with a known condition', shape: [3], build: decided },
  { name: 'a mask written part by part', shape: [3], build: written },
  { name: 'a mask computed from sizes', shape: [3, 3], build: causal },
];

function modelOf({ shape, build, opset }: Case): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['N', ...shape]);
  g.output('y', 'float32', null, build(g, x));
  const model = g.toModel();
  return opset === undefined ? model : { ...model, opsets: { '': opset } };
}

async function outputOf(bytes: Uint8Array, x: Tensor): Promise<Tensor> {
  const session = await nodeRuntime.createSession(bytes);
  const { y } = await session.run({ x });
  await session.dispose();
  return y!;
}

describe('imported operators compute what onnxruntime computes', () => {
  test.each(cases.map((c) => [c.name, c] as const))('%s', async (_name, c) => {
    const model = modelOf(c);
    const x = draw(2, ...c.shape);
    const wanted = await outputOf(writeModel(model), x);
    const { network, parameters } = importNetwork(model, { normalisation: 'frozen' });
    const values = new Map(parameters.map((p) => [p.name, p.values]));
    const found = await outputOf(exportNetwork(network, values, ['y']).toBytes(), x);
    expect(found.dims).toEqual(wanted.dims);
    wanted.data.forEach((v, i) => {
      expect(Math.abs(Number(found.data[i]) - Number(v))).toBeLessThan(1e-5 * Math.max(1, Math.abs(Number(v))));
    });
  });

  test('every operator of the registry has a case, here or in the corpus', () => {
    const tried = new Set(cases.flatMap((c) => modelOf(c).graph.nodes.map((n) => n.op)));
    const elsewhere = ['ScatterElements', 'Less'];
    expect([...handlers.keys()].filter((name) => !tried.has(name) && !elsewhere.includes(name))).toEqual([]);
  });
});
