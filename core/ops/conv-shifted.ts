/**
 * Gradients of convolution weights, without strides, by one product: the input in copies shifted by the columns of the
 * kernel, times the gradient in copies shifted by its rows. Copies are shifted by nothing but the length of the rows in
 * which they are read when they lie one after the other.
 */
import { sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';
import { padLast, planar, type Window } from './window.ts';

/** Whether `byShifts` computes the gradient of weights of this window. */
export const isShifted = (w: Window): boolean => w.kernel.length <= 2 && w.strides.every((s) => s === 1);

/** Images x [N, C, ...size] on a grid with room for the window, [R, C, places]: image by image, or, R = 1, all in a row. */
function onGrid(e: Emitter, x: Emitted, pads: readonly number[], byImage: boolean): { name: string; shape: number[] } {
  const [rows, channels, ...size] = sizes(x.shape) as [number, number, ...number[]];
  const [height, width] = size.length === 1 ? [1, size[0]!] : [size[0]!, size[1]!];
  const lead = byImage ? [rows, channels] : [channels, rows];
  const image = e.reshape(x.name, [rows, channels, height, width]);
  const first = byImage ? image : e.op('Transpose', [image], { perm: [1, 0, 2, 3] });
  const places = (height + pads[0]! + pads[2]!) * (width + pads[1]! + pads[3]!);
  const shape = byImage ? [rows, channels, places] : [1, channels, rows * places];
  return { name: e.reshape(padLast(e, first, lead.length + 2, pads), shape), shape };
}

/** Of x [R, C, places] `copies` by `step` elements further each, as [R, C · copies, length]; what follows x are zeros. */
function shifted(
  e: Emitter,
  { name, shape }: { name: string; shape: readonly number[] },
  copies: number,
  step: number,
  length: number,
): { name: string; channels: number } {
  const [rows, channels, places] = shape as [number, number, number];
  const zeros = (wide: number): string[] =>
    wide === 0 ? [] : [e.op('ConstantOfShape', [e.graph.int64([rows, channels, wide])])];
  const apart = length - step - places;
  const between = zeros(apart);
  const parts = Array.from({ length: copies }, (_, t) => (t < copies - 1 ? [name, ...between] : [name]));
  const joined = [...parts.flat(), ...zeros(apart + copies * step)];
  return { name: joined.length === 1 ? name : e.op('Concat', joined, { axis: 2 }), channels: channels * copies };
}

/**
 * The gradient of w [M, C/group, ...kernel] for x [N, C, ...] and the incoming gradient d [N, M, ...].
 *
 * With x padded to a grid and d put on the same grid, below and to the left of what its windows reach, the sum for tap
 * (i, j) of m rows and n columns is that of x[p + j] · d[p + (m - 1 - i) · width] over all places p.
 */
export function byShifts(e: Emitter, x: Emitted, w: Emitted, d: Emitted, window: Window, group: number): string {
  const { kernel, dilations, pads } = planar(window);
  const [m, n] = kernel as [number, number];
  const [filters, perGroup] = sizes(w.shape) as [number, number];
  const reach = kernel.map((k, i) => dilations[i]! * (k - 1)) as [number, number];
  const size = sizes(x.shape).slice(2);
  const [height, width] = [...(size.length === 1 ? [1] : []), ...size].map((s, i) => s + pads[i]! + pads[2 + i]!) as [
    number,
    number,
  ];
  // Image by image there is nothing to transpose, but a product of all taps for every image.
  const taps = (filters * perGroup * m * n) / (filters + perGroup * group);
  const byImage = taps < height * width;
  const image = onGrid(e, x, pads, byImage);
  const gradient = onGrid(e, d, [reach[0], 0, 0, reach[1]], byImage);
  const [across, down] = [n > 1 ? dilations[1]! : 0, m > 1 ? dilations[0]! * width : 0];
  const length = image.shape[2]! + Math.max(across, down);
  const lead = [image.shape[0]!, group];
  const operand = (v: ReturnType<typeof shifted>): Emitted => {
    const shape = [...lead, v.channels / group, length];
    return { name: e.reshape(v.name, shape), shape };
  };
  const left = operand(shifted(e, image, n, across, length));
  const right = operand(shifted(e, gradient, m, down, length));
  const [wide, high] = [perGroup * n, (filters / group) * m];
  // The longer side as rows: threads share out rows, but columns only where there are more, and then the sums may be cut
  // elsewhere than on one thread.
  const turned = wide > high;
  const product = turned ? e.matmul(left, right, false, true) : e.matmul(right, left, false, true);
  const matrix = turned ? [wide, high] : [high, wide];
  const sum = e.reshape(e.sumTo(product, [...lead, ...matrix], [1, group, ...matrix]), [group, ...matrix]);
  // [M, m, C/group · n], rows last first
  const lines = e.reshape(turned ? e.op('Transpose', [sum], { perm: [0, 2, 1] }) : sum, [filters, m, wide]);
  if (m === 1) return e.reshape(lines, w.shape);
  const rows = e.graph.int64(Array.from({ length: m }, (_, i) => m - 1 - i));
  const inOrder = e.reshape(e.op('Gather', [lines, rows], { axis: 1 }), [filters, m, perGroup, n]);
  const channelsFirst = perGroup === 1 ? inOrder : e.op('Transpose', [inOrder], { perm: [0, 2, 1, 3] });
  return e.reshape(channelsFirst, w.shape);
}
