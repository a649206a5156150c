/**
 * Gradients of convolution weights, without strides, by one product an image: the input in copies shifted by the columns of
 * the kernel, times the gradient in copies shifted by its rows. Copies are shifted by nothing but the length of the rows in
 * which they are read when they lie one after the other.
 */
import { countOf, type Shape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';
import { padLast, planar, type Window } from './window.ts';

/** Places from which on shifted copies pay: in small images the zeros between rows are many. */
const LARGE = 512;

/**
 * Whether `byShifts` computes the gradient of weights [M, C/group, ...kernel] over `places`, and faster than slices: these copy
 * every channel for every tap, shifts every channel for every column and every filter for every row.
 */
export function isShifted(w: Shape, places: readonly number[], { kernel, strides }: Window): boolean {
  const [filters, perGroup] = sizes(w) as [number, number];
  const longest = Math.max(...kernel);
  const flat = kernel.length <= 2 && strides.every((s) => s === 1);
  return flat && countOf(places) >= LARGE && perGroup * (countOf(kernel) + longest) > filters * longest;
}

/** Images as rows of places. */
interface Rows {
  readonly name: string;
  /** [N, C, places] */
  readonly shape: readonly [number, number, number];
}

/** x [N, C, ...size] with `pads` of zeros around every image. */
function onGrid(e: Emitter, { name, shape }: Emitted, pads: readonly number[]): Rows {
  const [rows, channels, ...size] = sizes(shape) as [number, number, ...number[]];
  const [height, width] = size.length === 1 ? [1, size[0]!] : [size[0]!, size[1]!];
  const grid = [rows, channels, (height + pads[0]! + pads[2]!) * (width + pads[1]! + pads[3]!)] as const;
  return { name: e.reshape(padLast(e, e.reshape(name, [rows, channels, height, width]), 4, pads), grid), shape: grid };
}

/** `copies` of x, each `step` places further, [N, C · copies, length]. Behind x lie zeros, then the next copy. */
function shifted(e: Emitter, { name, shape }: Rows, copies: number, step: number, length: number): Rows {
  const [rows, channels, places] = shape;
  const zeros = (wide: number): string[] =>
    wide === 0 ? [] : [e.op('ConstantOfShape', [e.graph.int64([rows, channels, wide])])];
  const apart = length - step - places;
  const between = zeros(apart);
  const lead = Array.from({ length: copies - 1 }, () => [name, ...between]).flat();
  const joined = [...lead, name, ...zeros(apart + copies * step)];
  const wide = [rows, channels * copies, length] as const;
  return { name: e.reshape(joined.length === 1 ? name : e.op('Concat', joined, { axis: 2 }), wide), shape: wide };
}

/**
 * The gradient of w [M, C/group, ...kernel] for x [N, C, ...] and the incoming gradient d [N, M, ...].
 *
 * With x padded, and d moved down by the reach of the kernel on a grid of the same width, the sum for tap (i, j) of
 * `rows · columns` is that of x[p + j] · d[p + (rows - 1 - i) · width] over all places p.
 */
export function byShifts(e: Emitter, x: Emitted, w: Emitted, d: Emitted, window: Window, group: number): string {
  const { kernel, dilations, pads } = planar(window);
  const [rows, columns] = kernel as [number, number];
  const [filters, perGroup] = sizes(w.shape) as [number, number];
  const reach = kernel.map((k, i) => dilations[i]! * (k - 1)) as [number, number];
  const image = onGrid(e, x, pads);
  const gradient = onGrid(e, d, [reach[0], 0, 0, reach[1]]);
  const width = sizes(d.shape).at(-1)! + reach[1];
  const [across, down] = [columns > 1 ? dilations[1]! : 0, rows > 1 ? dilations[0]! * width : 0];
  const [images, , places] = image.shape;
  const length = places + Math.max(across, down);
  const operand = (v: Rows): Emitted => {
    const shape = [images, group, v.shape[1] / group, length];
    return { name: e.reshape(v.name, shape), shape };
  };
  const left = operand(shifted(e, image, columns, across, length));
  const right = operand(shifted(e, gradient, rows, down, length));
  const [wide, high] = [perGroup * columns, (filters / group) * rows];
  // The longer side as rows: threads share out rows, but columns only where there are more, and then the sums may be cut
  // elsewhere than on one thread.
  const turned = wide > high;
  const product = turned ? e.matmul(left, right, false, true) : e.matmul(right, left, false, true);
  const matrix = turned ? [wide, high] : [high, wide];
  const sum = e.reshape(e.sumTo(product, [images, group, ...matrix], [1, group, ...matrix]), [group, ...matrix]);
  // [M, rows, C/group · columns], the last row first
  const lines = e.reshape(turned ? e.op('Transpose', [sum], { perm: [0, 2, 1] }) : sum, [filters, rows, wide]);
  if (rows === 1) return e.reshape(lines, w.shape);
  const order = e.graph.int64(Array.from({ length: rows }, (_, i) => rows - 1 - i));
  const inOrder = e.reshape(e.op('Gather', [lines, order], { axis: 1 }), [filters, rows, perGroup, columns]);
  return e.reshape(e.op('Transpose', [inOrder], { perm: [0, 2, 1, 3] }), w.shape);
}
