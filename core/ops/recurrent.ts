/** Shared by recurrent networks that are unrolled over time: time-major sequences [K, T, N, F]. */
import { type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { memberOf, stack } from './members.ts';
import type { Emitted } from './operator.ts';

/** Throws a ShapeError unless x, the weights of `gates` gates and the biases go together; returns the shape of all states. */
export function recurrentShape(shapes: readonly Shape[], gates: number, biases: readonly number[]): Shape {
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
  return [members!, x[1]!, x[2]!, hidden];
}

/** Parts of `x` along `axis`, each `size` wide. */
const parts = (e: Emitter, x: string, axis: number, count: number, size: number): string[] =>
  e.split(x, axis, new Array<number>(count).fill(size));

/** Shape of one step of a sequence [K, T, N, W]: [N, W] for one member, so that steps are matrices, else [K, N, W]. */
export const stepShape = (members: number, rows: number, width: number): number[] =>
  members === 1 ? [rows, width] : [members, rows, width];

/** The steps of a sequence [K, T, N, W] of known size; for one member they are contiguous. */
export function unstack(e: Emitter, x: Emitted): string[] {
  const [members, steps, rows, width] = sizes(x.shape) as [number, number, number, number];
  if (members === 1) return parts(e, e.reshape(x.name, [steps * rows, width]), 0, steps, rows);
  return parts(e, x.name, 1, steps, 1).map((step) => e.reshape(step, stepShape(members, rows, width)));
}

/** A sequence [K, T, N, W] from its steps. */
export function restack(
  e: Emitter,
  steps: readonly string[],
  [members, rows, width]: readonly [number, number, number],
): string {
  const shape = [members, steps.length, rows, width];
  const lines = members === 1 ? steps : steps.map((s) => e.reshape(s, [members, 1, rows, width]));
  return e.reshape(lines.length === 1 ? lines[0]! : e.op('Concat', lines, { axis: members === 1 ? 0 : 1 }), shape);
}

/** Parts of steps along their last axis. */
export const columns = (e: Emitter, step: string, members: number, widths: readonly number[]): string[] =>
  e.split(step, members === 1 ? 1 : 2, widths);

/** Steps side by side along their last axis. */
export const beside = (e: Emitter, steps: readonly string[], members: number): string =>
  e.op('Concat', steps, { axis: members === 1 ? 1 : 2 });

/** The weights [K, H, W] as a step multiplies by them. */
export function asStep(e: Emitter, w: string, members: number, rows: number, width: number): Emitted {
  const shape = stepShape(members, rows, width);
  return { name: e.reshape(w, shape), shape };
}

/** step·w + addend; for one member the sum is made inside the product's kernel. */
export function affine(e: Emitter, step: Emitted, w: Emitted, addend: string): string {
  return w.shape.length === 2 ? e.affine(step, w, addend) : e.add(e.matmul(step, w), addend);
}

/** step·wᵀ, plus `addend` where given. */
export function through(e: Emitter, step: Emitted, w: Emitted, addend: string | null = null): string {
  if (w.shape.length === 2) return e.affine(step, w, addend, true);
  const product = e.matmul(step, w, false, true);
  return addend === null ? product : e.add(product, addend);
}

/**
 * x [K or 1, T, N, F] · w [K, F, W] + b [K, 1, W], step by step: what a step needs is then still in the cache, and nothing is
 * cut out of a long product.
 */
export function project(
  e: Emitter,
  x: Emitted,
  w: string,
  b: string,
  [members, width]: readonly [number, number],
): string[] {
  const [lead, , rows, inputs] = sizes(x.shape) as [number, number, number, number];
  const shape = stepShape(lead, rows, inputs);
  const weights = asStep(e, w, members, inputs, width);
  const bias = members === 1 ? e.reshape(b, [width]) : b;
  return unstack(e, x).map((name) => affine(e, { name, shape }, weights, bias));
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
    return e.op(op, [memberOf(e, x, k).name, ...turned, both], attributes);
  });
  return stack(e, outputs, output);
}

export interface SequenceGradients {
  readonly x: string | null;
  readonly w: string;
  readonly r: string;
  readonly b: string;
}

/**
 * Gradients from those of the pre-activations of all steps: `forInput` [K, T, N, W] of x·w + b and `forState` of h·r,
 * each as one product over time and rows. `before` are the states [K, T, N, H] before each step, 0 at first.
 */
export function sequenceGradients(
  e: Emitter,
  x: Emitted,
  w: Emitted,
  before: Emitted,
  forInput: string,
  forState: string,
  needX: boolean,
): SequenceGradients {
  const [members, steps, rows, hidden] = sizes(before.shape) as [number, number, number, number];
  const [lead, , , inputs] = sizes(x.shape) as [number, number, number, number];
  const wide = sizes(w.shape)[2]!;
  const view = (name: string, shape: readonly number[]): Emitted => ({ name: e.reshape(name, shape), shape });
  const d = view(forInput, [members, steps * rows, wide]);
  const flat = view(x.name, [lead, steps * rows, inputs]);
  const dx = needX ? e.sumTo(e.matmul(d, w, false, true), [members, steps * rows, inputs], flat.shape) : null;
  const states = view(before.name, [members, steps * rows, hidden]);
  return {
    x: dx === null ? null : e.reshape(dx, x.shape),
    w: e.matmul(flat, d, true, false),
    r: e.matmul(states, view(forState, [members, steps * rows, wide]), true, false),
    b: e.sumTo(d.name, d.shape, [members, 1, wide]),
  };
}
