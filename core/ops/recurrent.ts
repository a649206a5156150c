/**
 * Shared by recurrent networks that are unrolled over time. In training graphs a step is a matrix of columns, [F, N] for
 * one member: gates, states and inputs lie below each other without a copy, and products pack the narrower operand.
 */
import { type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { memberOf, stack } from './members.ts';
import type { Emitted } from './operator.ts';

export type RecurrentAttributes = {
  /** Whether the output is the last state alone. */
  last?: boolean;
};

/**
 * Throws a ShapeError unless x, the weights of `gates` gates and the biases go together; returns the shape of all states
 * [K, T, N, H], or of the last.
 */
export function recurrentShape(
  shapes: readonly Shape[],
  gates: number,
  biases: readonly number[],
  { last = false }: RecurrentAttributes,
): Shape {
  const [x, w, r, ...b] = shapes as [Shape, Shape, Shape, ...Shape[]];
  const [members, hidden, wide] = r;
  const fits =
    x.length === 4 &&
    w.length === 3 &&
    r.length === 3 &&
    typeof hidden === 'number' &&
    wide === gates * hidden &&
    w[0] === members &&
    w[1] === x[3] &&
    w[2] === wide &&
    (x[0] === 1 || x[0] === members) &&
    typeof x[1] === 'number' &&
    b.length === biases.length &&
    b.every((s, i) => s.length === 3 && s[0] === members && s[1] === 1 && s[2] === biases[i]! * (hidden as number));
  if (!fits) throw new ShapeError(`${shapes.map(showShape).join(', ')} make no recurrent layer of ${gates} gates.`);
  return last ? [members!, x[2]!, hidden] : [members!, x[1]!, x[2]!, hidden];
}

/** Sizes of an unrolled layer. */
export interface Unrolled {
  readonly members: number;
  readonly steps: number;
  readonly rows: number;
  readonly inputs: number;
  readonly hidden: number;
}

export function unrolledSizes(x: Shape, r: Shape): Unrolled {
  const [, steps, rows, inputs] = sizes(x) as [number, number, number, number];
  const [members, hidden] = sizes(r) as [number, number];
  return { members, steps, rows, inputs, hidden };
}

/** A matrix of every member: [a, b] for one, so that products with it are plain matrix products, else [K, a, b]. */
export const perMember = (members: number, a: number, b: number): number[] =>
  members === 1 ? [a, b] : [members, a, b];

/** The axis of rows, or of columns, of such matrices. */
export const rowAxis = (members: number): number => (members === 1 ? 0 : 1);
export const columnAxis = (members: number): number => rowAxis(members) + 1;

const joined = (e: Emitter, parts: readonly string[], axis: number): string =>
  parts.length === 1 ? parts[0]! : e.op('Concat', parts, { axis });

/** Matrices of all members below each other. */
export const below = (e: Emitter, parts: readonly string[], members: number): string =>
  joined(e, parts, rowAxis(members));

/** Matrices of all members side by side: steps [F, N] become all of time, [F, T · N]. */
export const beside = (e: Emitter, parts: readonly string[], members: number): string =>
  joined(e, parts, columnAxis(members));

/** a·b + addend, a the weights; for one member the sum is made inside the product's kernel. */
export function affine(e: Emitter, a: Emitted, b: Emitted, addend: string | null = null): string {
  if (a.shape.length === 2) return e.affine(a, b, addend);
  const product = e.matmul(a, b);
  return addend === null ? product : e.add(addend, product);
}

/** Parts of `x` [K, A, B] along axis 1, `height` rows each, as matrices of members. */
function cutRows(e: Emitter, x: Emitted, height: number): Emitted[] {
  const [members, rows, width] = sizes(x.shape) as [number, number, number];
  const whole = e.reshape(x.name, perMember(members, rows, width));
  const parts = e.split(whole, rowAxis(members), new Array<number>(rows / height).fill(height));
  return parts.map((name) => ({ name, shape: perMember(members, height, width) }));
}

/** Parts of `x` [K, A, B] along axis 2, `width` columns each, as matrices of members. */
export function cutColumns(e: Emitter, x: Emitted, width: number): Emitted[] {
  const [members, rows, columns] = sizes(x.shape) as [number, number, number];
  const whole = e.reshape(x.name, perMember(members, rows, columns));
  const parts = e.split(whole, columnAxis(members), new Array<number>(columns / width).fill(width));
  return parts.map((name) => ({ name, shape: perMember(members, rows, width) }));
}

/** Steps [F, N] of a sequence [K, T, N, F]. */
function stepsOf(e: Emitter, x: Emitted): Emitted[] {
  const [members, steps, rows, width] = sizes(x.shape) as [number, number, number, number];
  const turned = e.op('Transpose', [x.name], { perm: [0, 1, 3, 2] });
  const shape = [members, steps * width, rows];
  return cutRows(e, { name: e.reshape(turned, shape), shape }, width);
}

/** Steps of the input x [K or 1, T, N, F], each with a row of ones below for the bias: [F + 1, N]. */
export function inputSteps(e: Emitter, x: Emitted, { members, steps, rows, inputs }: Unrolled): Emitted[] {
  const lead = sizes(x.shape)[0]!;
  const turned = e.op('Transpose', [x.name], { perm: [0, 1, 3, 2] });
  const ones = e.constant(new Float32Array(lead * steps * rows).fill(1), [lead, steps, 1, rows]);
  const own = e.op('Concat', [turned, ones], { axis: 2 });
  const shape = [members, steps, inputs + 1, rows];
  const all = lead === members ? own : e.op('Expand', [own, e.graph.int64(shape)]);
  const flat = [members, steps * (inputs + 1), rows];
  return cutRows(e, { name: e.reshape(all, flat), shape: flat }, inputs + 1);
}

/** A sequence [K, T, N, W] from its steps [W, N]. */
function sequenceOf(e: Emitter, steps: readonly string[], members: number, width: number, rows: number): string {
  const stacked = e.reshape(below(e, steps, members), [members, steps.length, width, rows]);
  return e.op('Transpose', [stacked], { perm: [0, 1, 3, 2] });
}

/** What the layer returns, from all states [H, N]. */
export function statesOf(
  e: Emitter,
  states: readonly string[],
  { members, hidden, rows }: Unrolled,
  { last = false }: RecurrentAttributes,
): string {
  if (!last) return sequenceOf(e, states, members, hidden, rows);
  return e.op('Transpose', [e.reshape(states.at(-1)!, [members, hidden, rows])], { perm: [0, 2, 1] });
}

/** What arrives at every state [H, N] from outside of the layer; null where nothing does. */
export function arriving(
  e: Emitter,
  gradient: string,
  { members, steps, hidden, rows }: Unrolled,
  { last = false }: RecurrentAttributes,
): (string | null)[] {
  if (!last) return stepsOf(e, { name: gradient, shape: [members, steps, rows, hidden] }).map((s) => s.name);
  const turned = e.op('Transpose', [gradient], { perm: [0, 2, 1] });
  return [...new Array<null>(steps - 1).fill(null), e.reshape(turned, perMember(members, hidden, rows))];
}

/** Weights [K, A, G · H] of every gate as a product with columns needs them, [H, A] each. */
export function gateRows(e: Emitter, weights: Emitted, hidden: number): Emitted[] {
  const [members, rows, wide] = sizes(weights.shape) as [number, number, number];
  const turned = e.op('Transpose', [weights.name], { perm: [0, 2, 1] });
  return cutRows(e, { name: turned, shape: [members, wide, rows] }, hidden);
}

/** Weights and biases [K, A, W] below each other. */
export function weightsBelow(e: Emitter, parts: readonly Emitted[]): Emitted {
  const [members, , wide] = parts[0]!.shape;
  const rows = parts.reduce((sum, { shape }) => sum + sizes(shape)[1]!, 0);
  const names = parts.map((part) => part.name);
  return { name: e.op('Concat', names, { axis: 1 }), shape: [members!, rows, wide!] };
}

/** a·bᵀ of all of time, [A, T · N] and [B, T · N], as [K, A, B]: a gradient of weights. */
export function overTime(e: Emitter, a: Emitted, b: Emitted): string {
  const [rows, columns] = [a.shape.at(-2)!, b.shape.at(-2)!];
  const members = a.shape.length === 2 ? 1 : a.shape[0]!;
  const product = a.shape.length === 2 ? e.affine(a, b, null, true) : e.matmul(a, b, false, true);
  return e.reshape(product, [members, rows, columns]);
}

/** The gradient of x from those of pre-activations of all of time, [H, T · N] for each gate, and weights w [K, F, G · H]. */
export function inputGradient(
  e: Emitter,
  x: Emitted,
  w: Emitted,
  gates: readonly Emitted[],
  { members, steps, rows, inputs, hidden }: Unrolled,
): string {
  const weights = cutColumns(e, w, hidden);
  const sum = gates.reduce<string | null>((before, gate, g) => affine(e, weights[g]!, gate, before), null)!;
  const turned = e.op('Transpose', [e.reshape(sum, [members, inputs, steps, rows])], { perm: [0, 2, 3, 1] });
  return e.sumTo(turned, [members, steps, rows, inputs], x.shape);
}

/**
 * The same layer as one ONNX operator per member, for inference: LSTM or GRU with `gates` gates and the biases of input
 * and state, [K, 1, gates · H] each. Transposed weights are folded when the file is loaded.
 */
export function fused(
  e: Emitter,
  op: 'LSTM' | 'GRU',
  [x, w, r]: readonly [Emitted, Emitted, Emitted],
  biases: readonly [Emitted, Emitted],
  output: Shape,
  { last = false }: RecurrentAttributes,
): string {
  const [members, hidden, wide] = sizes(r.shape) as [number, number, number];
  const attributes = { hidden_size: hidden, ...(op === 'GRU' ? { linear_before_reset: 1 } : {}) };
  const outputs = Array.from({ length: members }, (_, k) => {
    const turned = [w, r].map((v) => {
      const flat = e.op('Transpose', [memberOf(e, v, k).name], { perm: [1, 0] });
      return e.reshape(flat, [1, wide, v.shape[1]!]);
    });
    const both = e.op(
      'Concat',
      biases.map((b) => memberOf(e, b, k).name),
      { axis: 1 },
    );
    const inputs = [memberOf(e, x, k).name, ...turned, both];
    return last ? e.ops(op, inputs, attributes, { outputs: 2 })[1]! : e.op(op, inputs, attributes);
  });
  return stack(e, outputs, output);
}

/** What the gradient reuses of step `t`, by name; `saved` holds `kept` of every step, one step after another. */
export const keptAt = <N extends string>(kept: readonly N[], saved: readonly string[], t: number): Record<N, string> =>
  Object.fromEntries(kept.map((name, i) => [name, saved[kept.length * t + i]!])) as Record<N, string>;

/** Matrices of all steps, of `height` rows each, beside each other. */
export const acrossTime = (e: Emitter, names: readonly string[], height: number, size: Unrolled): Emitted => ({
  name: beside(e, names, size.members),
  shape: perMember(size.members, height, size.steps * size.rows),
});

/** a · (1 - g), where `part` is a · g: what the gradient of a sigmoid gate g is multiplied by. */
export const lessGate = (e: Emitter, part: string, gate: string): string => e.sub(part, e.mul(part, gate));
