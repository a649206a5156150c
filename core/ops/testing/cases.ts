/** Cases of every operator, with the shapes at which rules go wrong: single rows, broadcast axes, several members. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import type { Shape } from '../../ir/shape.ts';
import type { Attributes } from '../operator.ts';
import { graphCases } from './graph-cases.ts';
import { imageCases } from './image-cases.ts';
import { lossCases } from './loss-cases.ts';
import { sequenceCases } from './sequence-cases.ts';

export interface OperatorCase {
  readonly op: string;
  readonly shapes: readonly Shape[];
  readonly attributes?: Attributes;
  /** How the data of each input is drawn. */
  readonly kinds?: readonly Draw[];
}

/** signed: -2..2, away from 0 · positive: 0.5..2.5 · mask: 0 or 1 · simplex: rows that sum to 1 · index<n>: 0..n-1 · unit: 0..1. */
export type Draw = 'signed' | 'positive' | 'mask' | 'simplex' | 'unit' | `index${number}`;

const broadcasts: readonly (readonly Shape[])[] = [
  [
    [3, 2],
    [3, 2],
  ],
  [[2, 3, 4], [4]],
  [
    [2, 3, 4],
    [2, 1, 4],
  ],
  [
    [1, 3, 4],
    [2, 1, 4],
  ],
  [[2, 3], []],
  [
    [2, 1, 3, 1],
    [1, 4, 1, 2],
  ],
  [[1, 1], [1]],
];
const unaries = [
  'relu',
  'sigmoid',
  'tanh',
  'silu',
  'gelu',
  'selu',
  'mish',
  'exp',
  'cos',
  'sin',
  'hard-sigmoid',
  'abs',
  'erf',
  'softplus',
];
const rowwise: readonly Shape[] = [
  [1, 1],
  [3, 4],
  [2, 3, 5],
  [2, 1, 2],
];

export const operatorCases: readonly OperatorCase[] = [
  ...['add', 'sub', 'mul', 'maximum', 'minimum'].flatMap((op) => broadcasts.map((shapes) => ({ op, shapes }))),
  ...broadcasts.map((shapes) => ({ op: 'div', shapes, kinds: ['signed', 'positive'] as const })),
  ...unaries.flatMap((op) => [[7], [2, 3], [2, 1, 3]].map((shape) => ({ op, shapes: [shape] }))),
  ...['sqrt', 'log'].map((op) => ({ op, shapes: [[2, 3]], kinds: ['positive'] as const })),
  { op: 'leaky-relu', shapes: [[3, 5]], attributes: { slope: 0.1 } },
  { op: 'constant', shapes: [], attributes: { shape: [2, 1, 3], values: [1, -2, 0.5, 3, 0, -1] } },
  { op: 'constant', shapes: [], attributes: { shape: [2, 3], values: [0.5] } },
  { op: 'select', shapes: [[2, 4, 3]], attributes: { axis: 1, indices: [3, 1, 1, 0, 2] } },
  { op: 'select', shapes: [[2, 4, 3]], attributes: { axis: 1, indices: [2, 0, 3, 1] } },
  { op: 'select', shapes: [[1, 1]], attributes: { axis: -1, indices: [0] } },
  { op: 'scale', shapes: [[2, 3]], attributes: { factor: -0.3 } },
  { op: 'elu', shapes: [[3, 5]], attributes: { alpha: 0.7 } },
  { op: 'clip', shapes: [[3, 5]], attributes: { low: -0.7, high: 0.9 } },
  ...broadcasts.map(([a, b]) => ({ op: 'where', shapes: [b!, a!, b!], kinds: ['mask', 'signed', 'signed'] as const })),
  {
    op: 'matmul',
    shapes: [
      [3, 4],
      [4, 2],
    ],
  },
  {
    op: 'matmul',
    shapes: [
      [1, 1],
      [1, 1],
    ],
  },
  {
    op: 'matmul',
    shapes: [
      [2, 3, 4],
      [2, 4, 5],
    ],
  },
  {
    op: 'matmul',
    shapes: [
      [1, 3, 4],
      [2, 4, 5],
    ],
  },
  {
    op: 'matmul',
    shapes: [
      [3, 4],
      [2, 4, 1],
    ],
  },
  {
    op: 'matmul',
    shapes: [
      [2, 3, 1, 4],
      [2, 3, 4, 2],
    ],
  },
  {
    op: 'matmul',
    shapes: [
      [1, 2, 3, 4],
      [1, 1, 4, 2],
    ],
  },
  {
    op: 'matmul',
    shapes: [
      [2, 2, 1, 3],
      [3, 2],
    ],
  },
  { op: 'gemm', shapes: [[3, 4], [4, 2], [2]] },
  ...[
    [
      [1, 3, 4],
      [1, 4, 2],
      [1, 1, 2],
    ],
    [
      [2, 3, 4],
      [2, 4, 2],
      [2, 1, 2],
    ],
    [
      [1, 3, 4],
      [2, 4, 1],
      [2, 1, 1],
    ],
    [
      [1, 2, 3, 4],
      [1, 1, 4, 2],
      [1, 1, 1, 2],
    ],
    [
      [2, 3, 1, 4],
      [2, 1, 4, 2],
      [2, 1, 1, 2],
    ],
    [
      [1, 3, 2],
      [1, 2, 2],
      [1, 3, 1],
    ],
  ].map((shapes) => ({ op: 'gemm', shapes })),
  {
    op: 'gemm',
    shapes: [
      [1, 1],
      [1, 3],
      [1, 3],
    ],
  },
  ...['softmax', 'log-softmax'].flatMap((op) => rowwise.map((shape) => ({ op, shapes: [shape] }))),
  ...rowwise.slice(1).map((shape) => ({ op: 'layer-norm', shapes: [shape], attributes: { epsilon: 1e-5 } })),
  ...rowwise.map((shape) => ({ op: 'rms-norm', shapes: [shape], attributes: { epsilon: 1e-5 } })),
  { op: 'batch-norm', shapes: [[2, 4, 3]], attributes: { axes: [1], epsilon: 1e-5 } },
  { op: 'batch-norm', shapes: [[1, 2, 3, 2, 2]], attributes: { axes: [1, 3, 4], epsilon: 1e-5 } },
  { op: 'batch-norm', shapes: [[1, 5, 1]], attributes: { axes: [1], epsilon: 0.1 } },
  ...['dropout', 'drop-path'].map((op) => ({ op, shapes: [[2, 3, 2]], attributes: { rate: 0 } })),
  {
    op: 'concat',
    shapes: [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    attributes: { axis: -1 },
  },
  {
    op: 'concat',
    shapes: [
      [1, 2, 2],
      [3, 2, 2],
    ],
    attributes: { axis: 0 },
  },
  { op: 'concat', shapes: [[2, 2]], attributes: { axis: 1 } },
  { op: 'reshape', shapes: [[2, 6]], attributes: { shape: [3, 1, 4] } },
  { op: 'reshape', shapes: [[1]], attributes: { shape: [] } },
  { op: 'transpose', shapes: [[2, 3, 4]], attributes: { perm: [2, 0, 1] } },
  { op: 'transpose', shapes: [[2, 3, 1, 2]], attributes: { perm: [0, 2, 1, 3] } },
  { op: 'slice', shapes: [[2, 5, 3]], attributes: { axis: 1, start: 1, end: 4 } },
  { op: 'slice', shapes: [[4]], attributes: { axis: -1, start: 3, end: 4 } },
  {
    op: 'gather',
    shapes: [
      [1, 4, 3],
      [1, 6],
    ],
    kinds: ['signed', 'index4'],
  },
  {
    op: 'gather',
    shapes: [
      [2, 4, 3],
      [2, 5, 2],
    ],
    kinds: ['signed', 'index4'],
  },
  {
    op: 'gather',
    shapes: [
      [3, 2, 1],
      [1, 4],
    ],
    kinds: ['signed', 'index2'],
  },
  ...['reduce-sum', 'reduce-mean', 'reduce-max'].flatMap((op) => [
    { op, shapes: [[2, 3, 4]], attributes: { axes: [1] } },
    { op, shapes: [[2, 3, 4]], attributes: { axes: [0, -1] } },
    { op, shapes: [[1, 5]], attributes: { axes: [0] } },
  ]),
  ...[0, 0.1].flatMap((smoothing) => [
    {
      op: 'cross-entropy',
      shapes: [
        [1, 4, 3],
        [1, 4, 3],
      ],
      attributes: { smoothing },
      kinds: ['signed', 'simplex'] as const,
    },
    {
      op: 'cross-entropy',
      shapes: [
        [2, 3, 2],
        [2, 3, 2],
        [2, 3, 1],
      ],
      attributes: { smoothing },
      kinds: ['signed', 'simplex', 'positive'] as const,
    },
    {
      op: 'bce',
      shapes: [
        [2, 3, 1],
        [2, 3, 1],
      ],
      attributes: { smoothing },
      kinds: ['signed', 'unit'] as const,
    },
  ]),
  {
    op: 'mse',
    shapes: [
      [1, 4, 2],
      [1, 4, 2],
    ],
  },
  {
    op: 'mse',
    shapes: [
      [2, 1, 1],
      [2, 1, 1],
      [2, 1, 1],
    ],
    kinds: ['signed', 'signed', 'positive'],
  },
  {
    op: 'huber',
    shapes: [
      [2, 4, 1],
      [2, 4, 1],
    ],
    attributes: { delta: 0.8 },
  },
  ...imageCases,
  ...graphCases,
  ...lossCases,
  ...sequenceCases,
];

/** Their targets and weights get no gradient by contract. */
const losses: ReadonlySet<string> = new Set([
  'cross-entropy',
  'bce',
  'mse',
  'huber',
  'mae',
  'quantile',
  'focal',
  'dice',
]);

/** Adds the case to `net`: differentiable operands are inputs `x0`, `x1`, …; others go through a barrier-free input `c<i>`. */
export function buildCase(net: NetworkBuilder, { op, shapes, attributes = {}, kinds = [] }: OperatorCase): Value {
  const inputs = shapes.map((shape, i) => {
    const integer = kinds[i]?.startsWith('index') ?? false;
    return net.input(`${isConstant(op, i) ? 'c' : 'x'}${i}`, shape, integer ? 'int64' : 'float');
  });
  return net.apply(op, inputs, attributes);
}

export function isConstant(op: string, input: number): boolean {
  return (losses.has(op) && input >= 1) || (op === 'where' && input === 0);
}

/** Data for one input of a case. */
export function drawData(kind: Draw | undefined, shape: readonly number[], uniform: () => number): number[] {
  const count = shape.reduce((a, b) => a * b, 1);
  const list = Array.from({ length: count }, () => uniform());
  if (kind === 'positive') return list.map((u) => 0.5 + 2 * u);
  if (kind === 'mask') return list.map((u) => (u < 0.5 ? 0 : 1));
  if (kind === 'unit') return list;
  if (kind?.startsWith('index')) return list.map((u) => Math.floor(u * Number(kind.slice(5))));
  if (kind === 'simplex') {
    const width = shape[shape.length - 1]!;
    return list.map((u, i) => {
      const from = i - (i % width);
      return (u + 0.05) / list.slice(from, from + width).reduce((a, b) => a + b + 0.05, 0);
    });
  }
  return list.map((u) => (u < 0.5 ? -0.02 - 4 * u : 0.02 + 4 * (u - 0.5)));
}
