/** Emission helpers for operators: element type, fast kernel forms where they exist, plain forms elsewhere. */

import { countOf, equalShapes, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { AttributeValue } from '../onnx/attributes.ts';
import { float } from '../onnx/attributes.ts';
import type { GraphBuilder, MultiNodeOptions } from '../onnx/builder.ts';
import { Blocks } from './blocked.ts';
import { type Forms, type FormsRequest, formsFor } from './forms.ts';
import { innerPart } from './inner-blocks.ts';
import type { Emitted } from './operator.ts';

export interface EmitterOptions extends FormsRequest {
  /** float64 is for gradient checks; it uses only kernels that exist for doubles. */
  readonly type?: 'float32' | 'float64';
  /** Given values that stay the same over all steps, by their names in the graph. */
  readonly constants?: Constants;
  /** Uniform numbers in [0, 1) in this shape, and what multiplies the rate of a dropout of this shape at this step. */
  readonly noise?: {
    uniform(shape: readonly number[]): string;
    readonly rateScale: ((shape: Shape) => string) | null;
  };
}

export interface Constants {
  /** The graph around the loop of steps, where what depends on constants alone is computed once a call. */
  readonly outer: GraphBuilder;
  /** The numbers of each where they are known now, or null. */
  readonly values: ReadonlyMap<string, ArrayLike<number | bigint> | null>;
}

export class Emitter {
  readonly graph: GraphBuilder;
  readonly mode: 'training' | 'inference';
  readonly type: 'float32' | 'float64';
  readonly forms: Forms;
  /** Conversions to and from blocked layouts, where the graph may use them. */
  readonly blocks: Blocks | null;
  readonly noise: EmitterOptions['noise'];
  private readonly constants: Constants | undefined;
  private readonly turned = new Map<string, string>();
  private readonly views = new Map<string, string>();
  private readonly viewed = new Map<string, string>();

  constructor(graph: GraphBuilder, options: EmitterOptions) {
    this.graph = graph;
    this.mode = options.mode;
    this.type = options.type ?? 'float32';
    this.forms = formsFor(options);
    this.blocks = this.forms.block === null || this.type === 'float64' ? null : new Blocks(this, this.forms.block);
    this.noise = options.noise;
    this.constants = options.constants;
  }

  op(name: string, inputs: readonly string[], attributes?: Readonly<Record<string, AttributeValue>>): string {
    return this.graph.node(name, inputs, attributes);
  }

  ops(
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> | undefined,
    options: MultiNodeOptions,
  ): string[] {
    return this.graph.node(name, inputs, attributes, options);
  }

  /** A constant of the element type. */
  constant(values: ArrayLike<number>, dims: readonly number[]): string {
    const data = this.type === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
    return this.graph.constant({ type: this.type, dims, data });
  }

  scalar(value: number): string {
    return this.constant([value], []);
  }

  add = (a: string, b: string): string => this.op('Add', [a, b]);
  sub = (a: string, b: string): string => this.op('Sub', [a, b]);
  mul = (a: string, b: string): string => this.op('Mul', [a, b]);
  div = (a: string, b: string): string => this.op('Div', [a, b]);

  /** x + gate · y for values of `shape`, with one number, or one of `gate` [..., 1] for every row. */
  addScaled(x: string, y: string, gate: string | number, shape: Shape): string {
    const one = typeof gate === 'number';
    if (!this.forms.gatedAdd || this.type === 'float64') {
      return this.add(x, this.mul(y, one ? this.scalar(gate) : gate));
    }
    const matrix = shape.length === 2;
    const rows = one && !matrix ? 1 : countOf(shape.slice(0, -1));
    const view = (name: string, columns: number): string => (matrix ? name : this.reshape(name, [rows, columns]));
    const columns = countOf(shape) / rows;
    const gates = one ? this.constant(new Array<number>(rows).fill(gate), [rows, 1]) : view(gate, 1);
    const operands = [view(x, columns), view(y, columns), gates];
    const sum = this.graph.node('GatedAdd', operands, undefined, { domain: 'com.microsoft' });
    return matrix ? sum : this.reshape(sum, shape);
  }

  /** 1 where `x` > 0, else 0, in the element type. HardSigmoid with a huge slope is the one single-pass vectorised kernel. */
  positive(x: string): string {
    if (this.type === 'float32')
      return this.op('HardSigmoid', [x], { alpha: float(this.forms.steepness), beta: float(0) });
    return this.cast(this.op('Greater', [x, this.scalar(0)]));
  }

  /** `x` as the element type. */
  cast(x: string): string {
    return this.op('Cast', [x], { to: this.type === 'float32' ? 1 : 11 });
  }

  /** The numbers of a constant, or of a view of one, where they are known. */
  known(x: string): ArrayLike<number | bigint> | null {
    return this.constants?.values.get(this.viewed.get(x) ?? x) ?? null;
  }

  /**
   * The transpose of a constant or of a view of one, of all of its rows (the last axis but one) or of some, made outside of
   * the loop: once where its numbers are known, else once a call. Null for other values.
   */
  private turnedConstant(x: Emitted, rows: readonly number[] | null = null): string | null {
    const source = this.viewed.get(x.name) ?? x.name;
    if (!this.constants?.values.has(source) || x.shape.some((d) => typeof d === 'string')) return null;
    const key = `${source} ${x.shape} ${rows ?? ''}`;
    const known = this.turned.get(key);
    if (known !== undefined) return known;
    const turned = this.turnOutside(source, sizes(x.shape), rows);
    this.turned.set(key, turned);
    return turned;
  }

  private turnOutside(source: string, shape: readonly number[], rows: readonly number[] | null): string {
    const { outer, values } = this.constants!;
    const numbers = values.get(source);
    const [height, width] = shape.slice(-2) as [number, number];
    const kept = rows ?? Array.from({ length: height }, (_, row) => row);
    const lead = countOf(shape.slice(0, -2));
    const count = lead * width * kept.length;
    if (numbers && count <= MOST_TURNED) {
      const data = this.type === 'float32' ? new Float32Array(count) : new Float64Array(count);
      for (let at = 0; at < count; at++) {
        const column = Math.floor(at / kept.length);
        const row = Math.floor(column / width) * height + kept[at % kept.length]!;
        data[at] = Number(numbers[row * width + (column % width)]);
      }
      return outer.constant({ type: this.type, dims: [...shape.slice(0, -2), width, kept.length], data });
    }
    const view = outer.node('Reshape', [source, outer.int64(shape)]);
    const taken = rows === null ? view : outer.node('Gather', [view, outer.int64(rows)], { axis: shape.length - 2 });
    return outer.node('Transpose', [taken], { perm: swappedLast(shape.length) });
  }

  /** aᵀ·b over `rows` of a [.., N, A] and b [.., N, B], three axes each. */
  matmulRows(a: Emitted, b: Emitted, rows: readonly number[]): string {
    const taken = (x: Emitted): Emitted => ({
      name: this.op('Gather', [x.name, this.graph.int64(rows)], { axis: 1 }),
      shape: x.shape.with(1, rows.length),
    });
    const turned = this.turnedConstant(a, rows);
    if (turned === null) return this.matmul(taken(a), taken(b), true);
    return this.matmul({ name: turned, shape: [a.shape[0]!, a.shape[2]!, rows.length] }, taken(b));
  }

  /**
   * aᵀ·b for tall matrices of which a has several readers, such as tokens from which queries, keys and values are made: it is
   * transposed once for the gradients of all. The view keeps the transpose out of the products, whose kernels would make one each.
   */
  matmulShared(a: Emitted, b: Emitted): string {
    const [rows, columns] = sizes(a.shape) as [number, number];
    // On several threads such products would be cut (inner-blocks.ts), which this one is not: the bits are the same.
    const cut = this.forms.threads > 1 && columns < sizes(b.shape)[1]!;
    if (cut || this.constants?.values.has(this.viewed.get(a.name) ?? a.name)) return this.matmul(a, b, true);
    let turned = this.turned.get(a.name);
    if (turned === undefined) {
      const one = this.reshape(a.name, [1, rows, columns]);
      turned = this.reshape(this.op('Transpose', [one], { perm: [0, 2, 1] }), [columns, rows]);
      this.turned.set(a.name, turned);
    }
    return this.matmul({ name: turned, shape: [columns, rows] }, b);
  }

  /** a·b over the last two axes, either operand transposed there. */
  matmul(a: Emitted, b: Emitted, transA = false, transB = false): string {
    const turned = transA ? this.turnedConstant(a) : null;
    if (turned !== null) {
      const shape = [...a.shape.slice(0, -2), a.shape.at(-1)!, a.shape.at(-2)!];
      return this.matmul({ name: turned, shape }, b, false, transB);
    }
    const parts = transA ? null : this.innerParts(a, b, transB);
    if (parts !== null) return parts.map(([x, y]) => this.matmul(x, y, false, transB)).reduce(this.add);
    if (!transA && !transB) return this.op('MatMul', [a.name, b.name]);
    if (this.forms.fusedMatMul) {
      return this.graph.node(
        'FusedMatMul',
        [a.name, b.name],
        { transA: transA ? 1 : 0, transB: transB ? 1 : 0 },
        { domain: 'com.microsoft' },
      );
    }
    return this.op('MatMul', [transA ? this.swapLast(a) : a.name, transB ? this.swapLast(b) : b.name]);
  }

  /** a·b + addend for matrices [M, K] and [K, N], or [N, K] with `transB`; the sum is made inside the product's kernel. */
  affine(a: Emitted, b: Emitted, addend: string | null, transB = false): string {
    const parts = this.innerParts(a, b, transB);
    if (parts === null) {
      return this.op('Gemm', [a.name, b.name, ...(addend === null ? [] : [addend])], { transB: transB ? 1 : 0 });
    }
    const products = parts.map(([x, y]) => this.matmul(x, y, false, transB));
    return (addend === null ? products : [addend, ...products]).reduce(this.add);
  }

  /** The parts of a product that must be summed one by one for the bits of one thread (inner-blocks.ts), or null. */
  private innerParts(a: Emitted, b: Emitted, transB: boolean): [Emitted, Emitted][] | null {
    if (this.forms.threads === 1 || this.type === 'float64' || b.shape.slice(0, -2).some((d) => d !== 1)) return null;
    if ([...a.shape, ...b.shape].some((d) => typeof d === 'string')) return null;
    const inner = sizes(a.shape).at(-1)!;
    const rows = countOf(a.shape) / inner;
    const columns = sizes(b.shape).at(transB ? -2 : -1)!;
    const part = innerPart(rows, inner, columns, this.forms.threads);
    if (part === null) return null;
    const cut = (x: Emitted, axis: number, start: number): Emitted => {
      const end = Math.min(start + part, inner);
      const bounds = [[start], [end], [axis]].map((v) => this.graph.int64(v));
      return {
        name: this.op('Slice', [x.name, ...bounds]),
        shape: x.shape.map((d, i) => (i === axis ? end - start : d)),
      };
    };
    const [ofA, ofB] = [a.shape.length - 1, b.shape.length - (transB ? 1 : 2)];
    const starts = Array.from({ length: Math.ceil(inner / part) }, (_, i) => i * part);
    return starts.map((start) => [cut(a, ofA, start), cut(b, ofB, start)]);
  }

  /** Parts of `x` along `axis`, of these lengths; slices where a provider's Split cannot have as many outputs. */
  split(x: string, axis: number, lengths: readonly number[]): string[] {
    if (lengths.length === 1) return [x];
    if (lengths.length <= this.forms.widestSplit) {
      return this.ops('Split', [x, this.graph.int64(lengths)], { axis }, { outputs: lengths.length });
    }
    let end = 0;
    return lengths.map((length) => {
      end += length;
      return this.op('Slice', [x, ...[[end - length], [end], [axis]].map((v) => this.graph.int64(v))]);
    });
  }

  /** Logarithm of the softmax over the last axis. */
  logSoftmax(x: string): string {
    if (this.forms.logSoftmax) return this.op('LogSoftmax', [x], { axis: -1 });
    const centred = this.sub(x, this.op('ReduceMax', [x, this.graph.int64([-1])]));
    return this.sub(centred, this.op('Log', [this.reduceSum(this.op('Exp', [centred]), [-1])]));
  }

  private swapLast(x: Emitted): string {
    return this.op('Transpose', [x.name], { perm: swappedLast(x.shape.length) });
  }

  /** Views `x` in `shape`; at most one size may still be a name. A view of a view is one of the value itself. */
  reshape(x: string, shape: Shape): string {
    const open = shape.filter((d) => typeof d === 'string');
    if (open.length > 1) throw new ShapeError(`${showShape(shape)} has more than one size that is not bound.`);
    const dims = shape.map((d) => (typeof d === 'number' ? d : -1));
    const viewed = this.viewed.get(x) ?? x;
    const key = `${viewed} ${dims}`;
    const known = this.views.get(key);
    if (known !== undefined) return known;
    const view = this.op('Reshape', [viewed, this.graph.int64(dims)]);
    this.views.set(key, view);
    this.viewed.set(view, viewed);
    return view;
  }

  /** Sums over `axes`, which stay as size 1. */
  reduceSum(x: string, axes: readonly number[]): string {
    return this.op('ReduceSum', [x, this.graph.int64(axes)]);
  }

  reduceMean(x: string, axes: readonly number[]): string {
    return this.op('ReduceMean', [x, this.graph.int64(axes)]);
  }

  /** Sums `x` over the axes along which `to` was broadcast, so that the result has shape `to`. Sizes must be bound. */
  sumTo(x: string, from: Shape, to: Shape): string {
    if (equalShapes(from, to)) return x;
    const shape = sizes(from);
    const extra = shape.length - to.length;
    const axes = shape.flatMap((d, i) => (d !== 1 && (i < extra || to[i - extra] === 1) ? [i] : []));
    const last = axes.at(-1);
    if (last === undefined) return this.reshape(x, to);
    // One run of axes at a time, the last first: sums over several runs at once have no fast kernel.
    let first = last;
    while (first > 0 && (axes.includes(first - 1) || shape[first - 1] === 1)) first--;
    const count = (start: number, end: number): number => shape.slice(start, end).reduce((a, b) => a * b, 1);
    const [before, middle, after] = [count(0, first), count(first, last + 1), count(last + 1, shape.length)];
    const flat = (name: string, dims: Shape, wanted: Shape): string =>
      equalShapes(dims, wanted) ? name : this.reshape(name, wanted);
    // A product with a row of ones is one vectorised pass; ReduceSum falls to a generic loop on small sums and inner axes.
    const sum =
      after > 1
        ? this.op('MatMul', [
            this.constant(new Float32Array(middle).fill(1), [1, middle]),
            flat(x, from, [before, middle, after]),
          ])
        : this.reduceSum(flat(x, from, [before, middle]), [1]);
    const reduced = shape.map((d, i) => (i >= first && i <= last ? 1 : d));
    const summed = after > 1 ? [before, 1, after] : [before, 1];
    return this.sumTo(flat(sum, summed, reduced), reduced, to);
  }
}

/** Numbers of a transposed constant that a graph may hold; larger ones are turned at every call. */
const MOST_TURNED = 2 ** 24;

function swappedLast(rank: number): number[] {
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return perm;
}
