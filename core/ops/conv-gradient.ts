/** Gradients of a convolution by products and transposed convolution, in the forms that onnxruntime's CPU kernels run fast. */
import { sizes } from '../ir/shape.ts';
import { byShifts, isShifted } from './conv-shifted.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';
import { transposedConv, turned } from './transposed-conv.ts';
import { eachRead, onnxWindow, outputSizes, padLast, positions, sliceLast, type Window } from './window.ts';

export interface ConvGradients {
  readonly x: string | null;
  readonly w: string | null;
}

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Gradients for x [N, C, ...], weights w [M, C/group, ...] and the incoming gradient d [N, M, ...]. */
export function convGradients(
  e: Emitter,
  x: Emitted,
  w: Emitted,
  d: Emitted,
  window: Window,
  group: number,
  needed: readonly boolean[],
): ConvGradients {
  if (e.type === 'float64') return plainGradients(e, x, w, d, window, group, needed);
  return {
    x: needed[0] ? inputGradient(e, x, w, d, window, group) : null,
    w: needed[1] ? weightGradient(e, x, w, d, window, group) : null,
  };
}

/**
 * The transposed convolution; what the last window does not reach at the end gets zeros. Without strides, and with no more
 * filters than channels, a convolution with the weights turned round is faster than its scattering of columns.
 */
function inputGradient(e: Emitter, x: Emitted, w: Emitted, d: Emitted, window: Window, group: number): string {
  const { kernel, strides, dilations, pads } = window;
  const axes = kernel.length;
  const [filters, perGroup] = sizes(w.shape) as [number, number];
  const reach = kernel.map((k, i) => dilations[i]! * (k - 1));
  if (filters / group <= perGroup && strides.every((s) => s === 1) && pads.every((p, i) => p <= reach[i % axes]!)) {
    const back = { ...window, pads: pads.map((p, i) => reach[i % axes]! - p) };
    return e.op('Conv', [d.name, turned(e, w, group)], { ...onnxWindow(back), group });
  }
  const places = sizes(d.shape.slice(2));
  const covered = reach.map((r, i) => (places[i]! - 1) * strides[i]! + r + 1);
  const rest = sizes(x.shape.slice(2)).map((size, i) => size + pads[i]! + pads[axes + i]! - covered[i]!);
  return transposedConv(e, d, w, window, rest, group);
}

function weightGradient(e: Emitter, x: Emitted, w: Emitted, d: Emitted, window: Window, group: number): string {
  const [filters, perGroup] = sizes(w.shape) as [number, number];
  const plain = window.pads.every((p) => p === 0) && window.strides.every((s) => s === 1);
  if (count(window.kernel) === 1 && plain) return pointwise(e, x, w, d, group);
  if (perGroup === 1 && filters === group) return byTaps(e, x, w, d, window);
  const form = isShifted(w.shape, sizes(d.shape).slice(2), window) ? byShifts : byRows;
  return form(e, x, w, d, window, group);
}

/** Kernel of one element: a product per image, summed over images. */
function pointwise(e: Emitter, x: Emitted, w: Emitted, d: Emitted, group: number): string {
  const [rows, channels] = sizes(x.shape) as [number, number];
  const places = count(sizes(x.shape).slice(2));
  const filters = sizes(w.shape)[0]!;
  const view = (v: Emitted, wide: number): Emitted => {
    const shape = [rows, group, wide / group, places];
    return { name: e.reshape(v.name, shape), shape };
  };
  const product = e.matmul(view(d, filters), view(x, channels), false, true);
  const shape = [rows, group, filters / group, channels / group];
  return e.reshape(e.sumTo(product, shape, [1, ...shape.slice(1)]), w.shape);
}

/** Depthwise: per tap of the kernel, the shifted input times d, summed per channel. */
function byTaps(e: Emitter, x: Emitted, w: Emitted, d: Emitted, window: Window): string {
  const rank = x.shape.length;
  const padded = padLast(e, x.name, rank, window.pads);
  const places = sizes(d.shape).slice(2);
  const summed = [0, ...places.map((_, i) => i + 2)];
  const sums = positions(window.kernel).map((tap) => {
    const starts = tap.map((t, i) => t * window.dilations[i]!);
    const shifted = sliceLast(e, padded, rank, starts, places, window.strides);
    const sum = e.reduceSum(e.mul(shifted, d.name), summed);
    return e.reshape(sum, [sizes(w.shape)[0]!, 1]);
  });
  return e.reshape(sums.length === 1 ? sums[0]! : e.op('Concat', sums, { axis: 1 }), w.shape);
}

/**
 * Dense or grouped: the input, channels first, shifted by every column of the kernel and joined, then one product per
 * kernel row with d, channels first.
 */
function byRows(e: Emitter, x: Emitted, w: Emitted, d: Emitted, window: Window, group: number): string {
  const { kernel, strides, dilations, pads } = window;
  const [rows, channels] = sizes(x.shape) as [number, number];
  const [filters, perGroup] = sizes(w.shape) as [number, number];
  const places = sizes(d.shape).slice(2);
  const axes = kernel.length;
  const swap = [1, 0, ...places.map((_, i) => i + 2)];
  const size = sizes(x.shape)
    .slice(2)
    .map((s, i) => s + pads[i]! + pads[axes + i]!);
  const first = padLast(e, e.op('Transpose', [x.name], { perm: swap }), axes + 2, pads);
  const grouped = e.reshape(first, [group, channels / group, rows, ...size]);
  const last = axes - 1;
  const columns = Array.from({ length: kernel[last]! }, (_, j) =>
    sliceLast(e, grouped, axes + 3, [j * dilations[last]!], [places[last]!], [strides[last]!]),
  );
  const joined = columns.length === 1 ? columns[0]! : e.op('Concat', columns, { axis: 1 });
  const wide = perGroup * columns.length;
  const flat = rows * count(places);
  const rightShape = [group, filters / group, flat];
  const right = { name: e.reshape(e.op('Transpose', [d.name], { perm: swap }), rightShape), shape: rightShape };
  // The longer side as rows: threads share out rows, but columns only where there are more, and then the sums in `flat`
  // may be cut elsewhere than on one thread.
  const turned = wide > filters / group;
  const products = positions(kernel.slice(0, last)).map((row) => {
    let shifted = joined;
    if (last > 0) {
      // Slices of the axes before the last one, which stays whole.
      const starts = [...row.map((t, i) => t * dilations[i]!), 0];
      shifted = sliceLast(e, joined, axes + 3, starts, places, [...strides.slice(0, last), 1]);
    }
    const left = { name: e.reshape(shifted, [group, wide, flat]), shape: [group, wide, flat] };
    return turned ? e.matmul(left, right, false, true) : e.matmul(right, left, false, true);
  });
  const taps = kernel[last]!;
  const lines = products.map((p) => {
    // [group, columns, C/group, M/group] or [group, M/group, columns, C/group]
    const line = turned ? e.op('Transpose', [p], { perm: [0, 2, 1] }) : p;
    return e.reshape(line, [filters, 1, taps, perGroup]);
  });
  const all = lines.length === 1 ? lines[0]! : e.op('Concat', lines, { axis: 1 });
  const channelsFirst = e.op('Transpose', [e.reshape(all, [filters, count(kernel), perGroup])], { perm: [0, 2, 1] });
  return e.reshape(channelsFirst, w.shape);
}

/** For checks in float64, which has no convolution kernel: all windows as a product with a matrix of 0 and 1, [size, kernel · places]. */
function readMatrix(
  e: Emitter,
  window: Window,
  shape: readonly number[],
): { name: string; shape: number[]; places: number } {
  const input = shape.slice(2);
  const output = outputSizes(window, shape);
  const [from, places] = [count(input), count(output)];
  const width = count(window.kernel) * places;
  const values = new Float32Array(from * width);
  eachRead(window, input, output, (at, tap, to) => {
    values[at * width + tap * places + to] = 1;
  });
  return { name: e.constant(values, [from, width]), shape: [from, width], places };
}

type ReadMatrix = ReturnType<typeof readMatrix>;

/** What every window of x reads, [N, group, C/group · kernel, places]. */
function columnsOf(e: Emitter, x: Emitted, window: Window, group: number, read: ReadMatrix): Emitted {
  const [rows, channels] = sizes(x.shape) as [number, number];
  const flat = e.reshape(x.name, [rows * channels, read.shape[0]!]);
  const shape = [rows, group, (channels / group) * count(window.kernel), read.places];
  return { name: e.reshape(e.op('MatMul', [flat, read.name]), shape), shape };
}

/** Weights as [group, M/group, C/group · kernel]. */
function rowsOf(e: Emitter, w: Emitted, group: number): Emitted {
  const [filters, ...inner] = sizes(w.shape) as [number, ...number[]];
  const shape = [group, filters / group, count(inner)];
  return { name: e.reshape(w.name, shape), shape };
}

/** The convolution itself by products, for float64. Operands: x, w and perhaps a bias [M]. */
export function convPlain(e: Emitter, operands: readonly Emitted[], window: Window, group: number): string {
  const [x, w, b] = operands as [Emitted, Emitted, Emitted | undefined];
  const shape = sizes(x.shape);
  const columns = columnsOf(e, x, window, group, readMatrix(e, window, shape));
  const filters = sizes(w.shape)[0]!;
  const product = e.op('MatMul', [rowsOf(e, w, group).name, columns.name]);
  const y = e.reshape(product, [shape[0]!, filters, ...outputSizes(window, shape)]);
  return b ? e.add(y, e.reshape(b.name, [filters, ...window.kernel.map(() => 1)])) : y;
}

function plainGradients(
  e: Emitter,
  x: Emitted,
  w: Emitted,
  d: Emitted,
  window: Window,
  group: number,
  needed: readonly boolean[],
): ConvGradients {
  const read = readMatrix(e, window, sizes(x.shape));
  const weights = rowsOf(e, w, group);
  const [rows, channels] = sizes(x.shape) as [number, number];
  const [, wide, inner] = weights.shape as [number, number, number];
  const shape = [rows, group, wide, read.places];
  const right = { name: e.reshape(d.name, shape), shape };
  let forX: string | null = null;
  if (needed[0]) {
    const back = e.reshape(e.matmul(weights, right, true, false), [rows * channels, read.shape[1]!]);
    forX = e.reshape(e.matmul({ name: back, shape: [1, 1] }, read, false, true), x.shape);
  }
  if (!needed[1]) return { x: forX, w: null };
  const perImage = e.matmul(right, columnsOf(e, x, window, group, read), false, true);
  const summed = e.sumTo(perImage, [rows, group, wide, inner], [1, group, wide, inner]);
  return { x: forX, w: e.reshape(summed, w.shape) };
}
