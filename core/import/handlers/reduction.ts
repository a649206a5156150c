/** Reductions, and normalisation to probabilities. */
import type { Value } from '../../ir/network.ts';
import type { Size } from '../../ir/shape.ts';
import { type Handler, type NodeReader, single } from '../node-reader.ts';
import { knownSize, productOf } from '../size.ts';

interface Reduction {
  readonly x: Value;
  /** Axes of the file. */
  readonly axes: readonly number[];
  /** The reduced value in the shape that `keepdims` asks for, from one with every reduced axis of size 1. */
  finish(reduced: Value): Value;
}

function reductionOf(node: NodeReader): Reduction {
  const dims = node.dims(0);
  const given = node.intsAt('axes', 1);
  const none = given === null || given.length === 0;
  const all = none && node.int('noop_with_empty_axes', 0) === 0;
  const axes = all ? dims.map((_, i) => i) : (given ?? []).map((a) => node.axis(a));
  const keep = node.int('keepdims', 1) === 1;
  const finish = (reduced: Value): Value => {
    const kept = dims.flatMap((d, i): Size[] => (axes.includes(i) ? (keep ? [1] : []) : [d]));
    return node.scope.reshape(reduced, kept);
  };
  return { x: node.value(0), axes, finish };
}

const inner = (axes: readonly number[]): number[] => axes.map((a) => a + 1);

const by =
  (
    op: 'reduce-sum' | 'reduce-mean',
    before?: (node: NodeReader, x: Value) => Value,
    after?: (node: NodeReader, x: Value) => Value,
  ): Handler =>
  (node) =>
    single(() => {
      const { x, axes, finish } = reductionOf(node);
      const operand = before ? before(node, x) : x;
      const reduced = axes.length === 0 ? operand : node.apply(op, [operand], { axes: inner(axes) });
      return finish(after ? after(node, reduced) : reduced);
    })(node);

const square = (node: NodeReader, x: Value): Value => node.apply('mul', [x, x]);
const map =
  (op: string) =>
  (node: NodeReader, x: Value): Value =>
    node.apply(op, [x]);

/** The largest element over the axes: these last and as one, then a window over all of it. */
function largest(node: NodeReader, { x, axes, finish }: Reduction): Value {
  const dims = x.shape.slice(1);
  const kept = dims.map((_, i) => i).filter((i) => !axes.includes(i));
  const wide = knownSize(productOf(axes.map((a) => dims[a]!)), 'The number of elements of which one is taken');
  const turned = node.scope.transpose(x, [...kept, ...axes]);
  const flat = node.scope.reshape(turned, [...kept.map((i) => dims[i]!), wide]);
  return finish(node.apply('max-pool', [flat], { kernel: [wide] }));
}

const reduceMax = single((node) => largest(node, reductionOf(node)));

const reduceMin = single((node) => {
  const reduction = reductionOf(node);
  const negative = (x: Value): Value => node.apply('scale', [x], { factor: -1 });
  return negative(largest(node, { ...reduction, x: negative(reduction.x) }));
});

/** log(sum(exp(x))), with the largest element taken out first. */
const logSumExp = single((node) => {
  const { x, axes, finish } = reductionOf(node);
  const keep = (v: Value): Value =>
    node.scope.reshape(
      v,
      x.shape.slice(1).map((d, i) => (axes.includes(i) ? 1 : d)),
    );
  const top = largest(node, { x, axes, finish: keep });
  const sum = node.apply('reduce-sum', [node.apply('exp', [node.apply('sub', [x, top])])], { axes: inner(axes) });
  return finish(node.apply('add', [node.apply('log', [sum]), top]));
});

/** Over the axis, which is moved to the end and back; before operator set 13 over that axis and all after it. */
const alongAxis = (op: 'softmax' | 'log-softmax'): Handler =>
  single((node) => {
    const old = node.opset < 13;
    const axis = node.axis(node.int('axis', old ? 1 : -1));
    const x = node.value(0);
    const dims = node.dims(0);
    const last = dims.length - 1;
    if (axis === last) return node.apply(op, [x]);
    if (old) {
      const flat = node.scope.reshape(x, [...dims.slice(0, axis), productOf(dims.slice(axis))]);
      return node.scope.reshape(node.apply(op, [flat]), dims);
    }
    const swap = dims.map((_, i) => (i === axis ? last : i === last ? axis : i));
    return node.scope.transpose(node.apply(op, [node.scope.transpose(x, swap)]), swap);
  });

export const reduction: Readonly<Record<string, Handler>> = {
  ReduceSum: by('reduce-sum'),
  ReduceMean: by('reduce-mean'),
  ReduceSumSquare: by('reduce-sum', square),
  ReduceL2: by('reduce-sum', square, map('sqrt')),
  ReduceL1: by('reduce-sum', map('abs')),
  ReduceMax: reduceMax,
  ReduceMin: reduceMin,
  ReduceLogSumExp: logSumExp,
  Softmax: alongAxis('softmax'),
  LogSoftmax: alongAxis('log-softmax'),
};
