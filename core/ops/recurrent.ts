/** Shared by recurrent networks that are unrolled over time: time-major sequences [K, T, N, F]. */
import { type Shape, ShapeError, type Size, showShape, sizes } from '../ir/shape.ts';
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
export const parts = (e: Emitter, x: string, axis: number, count: number, size: number): string[] =>
  e.split(x, axis, new Array<number>(count).fill(size));

/** The steps [K, N, W] of a sequence [K, T, N, W], which is contiguous for one member. */
export function unstack(e: Emitter, x: Emitted): string[] {
  const [members, steps, rows, width] = x.shape as [Size, number, Size, Size];
  return parts(e, x.name, 1, steps, 1).map((step) => e.reshape(step, [members, rows, width]));
}

/** A sequence [K, T, N, W] from its steps [K, N, W]. */
export function restack(e: Emitter, steps: readonly string[], [members, rows, width]: Shape): string {
  const lines = steps.map((s) => e.reshape(s, [members!, 1, rows!, width!]));
  return lines.length === 1 ? lines[0]! : e.op('Concat', lines, { axis: 1 });
}

/** x [K, T, N, F] · w [K, F, W] for all steps in one product. */
export function project(e: Emitter, x: Emitted, w: string, [members, width]: readonly [number, number]): Emitted {
  const [lead, steps, rows, inputs] = x.shape as [number, number, Size, number];
  const flat = e.reshape(x.name, [lead, typeof rows === 'number' ? steps * rows : rows, inputs]);
  const shape = [members, steps, rows, width];
  return { name: e.reshape(e.op('MatMul', [flat, w]), shape), shape };
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
 * each as one product over time and rows. `h` are the states [K, T, N, H] after each step; the one before the first is 0.
 */
export function sequenceGradients(
  e: Emitter,
  x: Emitted,
  w: Emitted,
  h: Emitted,
  forInput: string,
  forState: string,
  needX: boolean,
): SequenceGradients {
  const [members, steps, rows, hidden] = sizes(h.shape) as [number, number, number, number];
  const [lead, , , inputs] = sizes(x.shape) as [number, number, number, number];
  const wide = sizes(w.shape)[2]!;
  const view = (name: string, shape: readonly number[]): Emitted => ({ name: e.reshape(name, shape), shape });
  const d = view(forInput, [members, steps * rows, wide]);
  const flat = view(x.name, [lead, steps * rows, inputs]);
  const dx = needX ? e.sumTo(e.matmul(d, w, false, true), [members, steps * rows, inputs], flat.shape) : null;
  const cut = (name: string, from: number, to: number, width: number): Emitted => {
    const bounds = [[from], [to], [1]].map((v) => e.graph.int64(v));
    return view(e.op('Slice', [name, ...bounds]), [members, (to - from) * rows, width]);
  };
  const r =
    steps === 1
      ? e.constant(new Float32Array(members * hidden * wide), [members, hidden, wide])
      : e.matmul(cut(h.name, 0, steps - 1, hidden), cut(forState, 1, steps, wide), true, false);
  return {
    x: dx === null ? null : e.reshape(dx, x.shape),
    w: e.matmul(flat, d, true, false),
    r,
    b: e.sumTo(d.name, d.shape, [members, 1, wide]),
  };
}
