/** Shape rules of products, windows, recurrent layers and normalisations. */
import type { Dim } from '../model.ts';
import { broadcastDims, couldEqual, type Inferred, mapDims, showDims } from './inferred.ts';
import { type Rule, type RuleNode, type Schema, schema } from './rule.ts';

const FLOATS = ['float32', 'float64', 'float16', 'bfloat16'] as const;
const of = (node: RuleNode, dims: Inferred['dims']): Inferred[] => [{ type: node.input(0).type, dims }];

const turned = (dims: readonly Dim[], swap: boolean): readonly Dim[] =>
  swap && dims.length >= 2 ? [...dims.slice(0, -2), dims.at(-1)!, dims.at(-2)!] : dims;

const matmul: Rule = (node) => {
  const [a, b] = [node.input(0).dims, node.input(1).dims];
  if (!a || !b) return of(node, null);
  if (a.length === 0) node.failInput(0, 'a matrix or a vector');
  if (b.length === 0) node.failInput(1, 'a matrix or a vector');
  const left = turned(a.length === 1 ? [1, ...a] : a, node.int('transA', 0) === 1);
  const right = turned(b.length === 1 ? [...b, 1] : b, node.int('transB', 0) === 1);
  const [inner, rows] = [left.at(-1)!, right.at(-2)!];
  if (!couldEqual(inner, rows)) node.failInput(1, `${inner} rows, as ${showDims(a)} has columns`);
  const lead = broadcastDims(left.slice(0, -2), right.slice(0, -2));
  if (!lead) node.failInput(1, `leading axes that broadcast against ${showDims(a)}`);
  return of(node, [...lead!, ...(a.length === 1 ? [] : [left.at(-2)!]), ...(b.length === 1 ? [] : [right.at(-1)!])]);
};

const gemm: Rule = (node) => {
  const [a, b] = [node.ranked(0, 2, 'a matrix').dims, node.ranked(1, 2, 'a matrix').dims];
  if (!a || !b) return of(node, [null, null]);
  const left = turned(a, node.int('transA', 0) === 1);
  const right = turned(b, node.int('transB', 0) === 1);
  if (!couldEqual(left[1]!, right[0]!))
    node.failInput(1, `${left[1]} rows${node.int('transB', 0) ? ' once transposed' : ''}`);
  const dims = [left[0]!, right[1]!];
  const bias = node.input(2).dims;
  if (
    bias &&
    (bias.length > 2 ||
      !broadcastDims(dims, bias) ||
      bias.some((d, i) => d !== 1 && !couldEqual(d, dims[2 - bias.length + i]!)))
  ) {
    node.failInput(2, `a bias that broadcasts to ${showDims(dims)}`);
  }
  return of(node, dims);
};

/** Places of a window along each spatial axis of `size`. */
function places(node: RuleNode, size: readonly Dim[], kernel: readonly Dim[]): Dim[] {
  const axes = size.length;
  const mode = node.text('auto_pad', 'NOTSET');
  const ones = new Array<number>(axes).fill(1);
  const [strides, dilations] = [node.ints('strides') ?? ones, node.ints('dilations') ?? ones];
  const pads = node.ints('pads') ?? new Array<number>(2 * axes).fill(0);
  for (const [name, list, count] of [
    ['strides', strides, axes],
    ['dilations', dilations, axes],
    ['pads', pads, 2 * axes],
  ] as const) {
    if (list.length !== count) node.fail(`attribute ${name}`, `${count} numbers`, showDims(list));
  }
  if (strides.some((s) => s < 1) || dilations.some((s) => s < 1))
    node.fail('attribute strides', 'steps of at least 1', showDims(strides));
  return size.map((s, i) => {
    const k = kernel[i];
    if (typeof s !== 'number' || typeof k !== 'number') return null;
    if (mode.startsWith('SAME')) return Math.ceil(s / strides[i]!);
    const padding = mode === 'VALID' ? 0 : pads[i]! + pads[axes + i]!;
    const free = s + padding - (dilations[i]! * (k - 1) + 1);
    if (free < 0) node.failInput(0, `at least ${k} places on axis ${i + 2} for the window`);
    return (node.int('ceil_mode', 0) === 1 ? Math.ceil(free / strides[i]!) : Math.floor(free / strides[i]!)) + 1;
  });
}

const conv: Rule = (node) => {
  node.typed(0, FLOATS, 'an input');
  const [x, w] = [node.input(0).dims, node.input(1).dims];
  if (!x || !w) return of(node, null);
  if (x.length < 3) node.failInput(0, 'rows, channels and at least one more axis');
  if (w.length !== x.length) node.failInput(1, `a kernel of rank ${x.length}`);
  const group = node.int('group', 1);
  const [filters, perGroup] = w as [Dim, Dim];
  if (typeof x[1] === 'number' && typeof perGroup === 'number' && x[1] !== perGroup * group) {
    node.failInput(1, `${x[1] / group} channels on axis 1 for ${x[1]} channels in ${group} groups`);
  }
  if (typeof filters === 'number' && filters % group !== 0) node.failInput(1, `filters in ${group} groups`);
  const bias = node.input(2).dims;
  if (bias && (bias.length !== 1 || !couldEqual(bias[0]!, filters))) node.failInput(2, `a bias of shape [${filters}]`);
  const kernel = node.ints('kernel_shape');
  if (kernel?.some((k, i) => !couldEqual(k, w[i + 2] ?? null))) {
    node.fail('attribute kernel_shape', showDims(w.slice(2)), showDims(kernel));
  }
  return of(node, [x[0]!, filters, ...places(node, x.slice(2), w.slice(2))]);
};

const convTranspose: Rule = (node) => {
  const [x, w] = [node.input(0).dims, node.input(1).dims];
  if (!x || !w) return of(node, null);
  if (x.length < 3) node.failInput(0, 'rows, channels and at least one more axis');
  if (w.length !== x.length) node.failInput(1, `a kernel of rank ${x.length}`);
  if (!couldEqual(x[1]!, w[0]!)) node.failInput(1, `${x[1]} channels on axis 0`);
  const axes = x.length - 2;
  const ones = new Array<number>(axes).fill(1);
  const zeros = new Array<number>(2 * axes).fill(0);
  const [strides, dilations] = [node.ints('strides') ?? ones, node.ints('dilations') ?? ones];
  const [pads, extra] = [node.ints('pads') ?? zeros, node.ints('output_padding') ?? zeros];
  const known = node.ints('output_shape');
  const plain = node.text('auto_pad', 'NOTSET') === 'NOTSET';
  const channels = typeof w[1] === 'number' ? w[1] * node.int('group', 1) : null;
  const size = x.slice(2).map((s, i): Dim => {
    const k = w[i + 2];
    if (known) return known[i] ?? null;
    if (!plain || typeof s !== 'number' || typeof k !== 'number') return null;
    return (s - 1) * strides[i]! + dilations[i]! * (k - 1) + 1 + extra[i]! - pads[i]! - pads[axes + i]!;
  });
  return of(node, [x[0]!, channels, ...size]);
};

const pool: Rule = (node) => {
  const { dims } = node.input(0);
  const kernel = node.ints('kernel_shape');
  if (!kernel) node.fail('attribute kernel_shape', 'the size of the window', 'nothing');
  if (!dims) return of(node, null);
  if (dims.length !== kernel!.length + 2)
    node.failInput(0, `rank ${kernel!.length + 2} for a window of ${showDims(kernel!)}`);
  const pooled = [...dims.slice(0, 2), ...places(node, dims.slice(2), kernel!)];
  return [
    { type: node.input(0).type, dims: pooled },
    { type: 'int64', dims: pooled },
  ];
};

const globalPool: Rule = (node) => {
  const { dims } = node.input(0);
  return of(
    node,
    mapDims(dims, (d, i) => (i < 2 ? d : 1)),
  );
};

const resize: Rule = (node) => {
  const { dims } = node.input(0);
  const sizes = node.input(3).elements;
  if (!dims || node.ints('axes'))
    return of(
      node,
      mapDims(dims, () => null),
    );
  return of(node, sizes ?? dims.map((d, i) => (i < 2 ? d : null)));
};

/** Scale and shift of one number per channel. */
const perChannel =
  (last: number): Rule =>
  (node) => {
    const { type, dims } = node.input(0);
    const channels = dims?.[1] ?? null;
    for (let i = 1; i <= last; i++) {
      const own = node.input(i).dims;
      if (own && (own.length !== 1 || !couldEqual(own[0]!, channels)))
        node.failInput(i, `${channels} numbers, one per channel`);
    }
    return [{ type, dims }, ...new Array<Inferred>(4).fill({ type, dims: [channels] })];
  };

const lastAxes: Rule = (node) => {
  const { type, dims } = node.input(0);
  if (dims) {
    const wanted = dims.slice(node.axis(node.int('axis', -1), dims.length));
    const scale = node.input(1).dims;
    if (scale && !broadcastDims(wanted, scale)) node.failInput(1, `a scale of shape ${showDims(wanted)}`);
  }
  return [
    { type, dims },
    { type, dims: null },
    { type, dims: null },
  ];
};

const recurrent =
  (gates: number): Rule =>
  (node) => {
    const { type, dims } = node.ranked(0, 3, 'sequences [steps, rows, numbers]');
    const [w, r] = [node.ranked(1, 3, 'weights').dims, node.ranked(2, 3, 'weights').dims];
    const directions = node.text('direction', 'forward') === 'bidirectional' ? 2 : 1;
    const hidden = node.int('hidden_size', 0) || (r?.[2] ?? null);
    const [steps, rows, width] = dims ?? [null, null, null];
    const wide = typeof hidden === 'number' ? gates * hidden : null;
    const expected = (columns: Dim): Dim[] => [directions, wide, columns];
    if (w && !w.every((d, i) => couldEqual(d, expected(width!)[i]!)))
      node.failInput(1, `shape ${showDims(expected(width!))}`);
    if (r && !r.every((d, i) => couldEqual(d, expected(hidden)[i]!)))
      node.failInput(2, `shape ${showDims(expected(hidden))}`);
    const last = { type, dims: [directions, rows!, hidden] };
    return [{ type, dims: [steps!, directions, rows!, hidden] }, last, last];
  };

const reduce: Rule = (node) => {
  const { type, dims } = node.input(0);
  const axes = node.list('axes', 1);
  if (!dims || (node.has(1) && !axes)) return [{ type, dims: null }];
  if (!axes?.length && node.int('noop_with_empty_axes', 0) === 1) return [{ type, dims }];
  const gone = axes?.length ? axes.map((a) => node.axis(a, dims.length, 'an axis')) : dims.map((_, i) => i);
  const keep = node.int('keepdims', 1) === 1;
  return [{ type, dims: dims.flatMap((d, i): Dim[] => (gone.includes(i) ? (keep ? [1] : []) : [d])) }];
};

const argument: Rule = (node) => {
  const { dims } = node.input(0);
  if (!dims) return [{ type: 'int64', dims: null }];
  const axis = node.axis(node.int('axis', 0), dims.length);
  const keep = node.int('keepdims', 1) === 1;
  return [{ type: 'int64', dims: dims.flatMap((d, i): Dim[] => (i === axis ? (keep ? [1] : []) : [d])) }];
};

const topK: Rule = (node) => {
  const { type, dims } = node.input(0);
  const k = node.input(1).elements?.[0] ?? null;
  const axis = dims && node.axis(node.int('axis', -1), dims.length);
  const cut = mapDims(dims, (d, i) => (i === axis ? k : d));
  return [
    { type, dims: cut },
    { type: 'int64', dims: cut },
  ];
};

/** Attention over [rows, heads, steps, width], or [rows, steps, heads · width]. */
const attention: Rule = (node) => {
  const [q, v] = [node.input(0).dims, node.input(2).dims];
  if (!q || !v || q.length !== v.length) return of(node, null);
  if (q.length === 4) return of(node, [q[0]!, q[1]!, q[2]!, v[3]!]);
  const [heads, own] = [node.int('q_num_heads', 0), node.int('kv_num_heads', 0)];
  const width = typeof v[2] === 'number' && own > 0 ? (v[2] / own) * heads : null;
  return of(node, [q[0]!, q[1]!, width]);
};

const reductions = ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'SumSquare', 'LogSumExp', 'LogSum'];

export const productRules: readonly [string, Schema][] = [
  ['MatMul', schema(matmul, 2)],
  ['FusedMatMul', schema(matmul, 2)],
  ['Gemm', schema(gemm, [2, 3])],
  ['Conv', schema(conv, [2, 3])],
  ['ConvTranspose', schema(convTranspose, [2, 3])],
  ['MaxPool', schema(pool, 1, [1, 2])],
  ['AveragePool', schema(pool)],
  ['GlobalAveragePool', schema(globalPool)],
  ['GlobalMaxPool', schema(globalPool)],
  ['Resize', schema(resize, [1, 4])],
  ['BatchNormalization', schema(perChannel(4), 5, [1, 5])],
  ['InstanceNormalization', schema(perChannel(2), 3)],
  ['GroupNormalization', schema((node) => of(node, node.input(0).dims), 3)],
  ['LayerNormalization', schema(lastAxes, [2, 3], [1, 3])],
  ['RMSNormalization', schema(lastAxes, 2)],
  ['Attention', schema(attention, [3, 7], [1, 4])],
  ['LSTM', schema(recurrent(4), [3, 8], [0, 3])],
  ['GRU', schema(recurrent(3), [3, 6], [0, 2])],
  ...reductions.map((name): [string, Schema] => [`Reduce${name}`, schema(reduce, [1, 2])]),
  ['ArgMax', schema(argument)],
  ['ArgMin', schema(argument)],
  ['TopK', schema(topK, 2, 2)],
];
