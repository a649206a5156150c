/** Gradients of weights in blocked kernels: the gradient of the result is laid out as the filter of a convolution of x. */
import { sizes } from '../ir/shape.ts';
import type { Blocks } from './blocked.ts';
import { imageShape, reachOf } from './conv-blocked.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';
import { padLast, planar, sliceLast, type Window } from './window.ts';

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/**
 * The gradient of the weights for a blocked d by blocked kernels, or null where row-major forms are as good. `x` is read
 * as it lies or, by `plain`, row-major.
 */
export function weightGradientBlocked(
  e: Emitter,
  b: Blocks,
  x: Emitted,
  plain: () => Emitted,
  w: Emitted,
  d: Emitted,
  spatial: Window,
  group: number,
): string | null {
  const window = planar(spatial);
  const [filterCount, perGroup] = sizes(w.shape) as [number, number];
  if (perGroup === 1 && filterCount === group) return depthwiseWeights(e, b, x, w, d, window);
  const rows = sizes(x.shape)[0]!;
  // Rows take the part of channels: where more than a third of the blocks were zeros, products are faster.
  const filled = rows / (Math.ceil(rows / b.size) * b.size);
  if (group > 1 || count(window.kernel) === 1 || filled < 2 / 3) return null;
  return denseWeights(e, b, plain(), w, d, window);
}

/** Every channel of every row convolved with its gradient as the filter: both lie as they must. Then summed over rows. */
function depthwiseWeights(e: Emitter, b: Blocks, x: Emitted, w: Emitted, d: Emitted, window: Window): string {
  const { kernel, strides, dilations } = window;
  const [rows, channels, ...size] = imageShape(x.shape);
  const places = imageShape(d.shape).slice(2);
  const pads = usedPads(size, places, window).map((p) => Math.max(p, 0));
  const both = rows * channels;
  const image = e.reshape(x.name, [1, both, ...size]);
  const filter = e.reshape(d.name, [both, 1, ...places]);
  const product = b.op('Conv', [image, filter], {
    kernel_shape: places,
    strides: dilations,
    dilations: strides,
    pads,
    group: both,
  });
  const reached = reachedBy(size, places, window, pads);
  const blocks = channels / b.size;
  const cut = cutTaps(e, product, [rows * blocks, ...reached, b.size], kernel);
  const taps = count(kernel);
  const perRow = [rows, blocks * taps * b.size];
  const sum = e.sumTo(e.reshape(cut, perRow), perRow, [1, perRow[1]!]);
  if (taps === 1) return e.reshape(sum, w.shape);
  return e.reshape(e.op('Transpose', [e.reshape(sum, [blocks, taps, b.size])], { perm: [0, 2, 1] }), w.shape);
}

/** Padding without the elements at the ends that no window reaches; below 0 where that cuts into the input. */
function usedPads(size: readonly number[], places: readonly number[], w: Window): number[] {
  const reach = reachOf(w);
  const ends = size.map((s, i) => (places[i]! - 1) * w.strides[i]! + reach[i]! + 1 - s - w.pads[i]!);
  return [...w.pads.slice(0, 2), ...ends];
}

/** How many taps a convolution with the gradient as its filter computes: more than the kernel has, where an axis is too long. */
const reachedBy = (size: readonly number[], places: readonly number[], w: Window, pads: readonly number[]): number[] =>
  size.map((s, i) => {
    const left = s + pads[i]! + pads[2 + i]! - (places[i]! - 1) * w.strides[i]! - 1;
    return Math.floor(left / w.dilations[i]!) + 1;
  });

/** The first taps of the kernel, of blocked results [planes, ...reached, B]. */
function cutTaps(e: Emitter, x: string, shape: readonly number[], kernel: readonly number[]): string {
  if (shape[1] === kernel[0] && shape[2] === kernel[1]) return x;
  return sliceLast(e, e.reshape(x, shape), 4, [0, 0, 0], [kernel[0]!, kernel[1]!, shape[3]!], [1, 1, 1]);
}

/**
 * Channels as rows, rows as channels: x [C, N, H, W] convolved with the gradient as filters [M, N, places]. Padding of the
 * width is written out, since the kernel computes columns at the edge one by one.
 */
function denseWeights(e: Emitter, b: Blocks, x: Emitted, w: Emitted, d: Emitted, window: Window): string {
  const { kernel, strides, dilations } = window;
  const [rows, channels, height, width] = imageShape(x.shape);
  const [, filterCount, ...places] = imageShape(d.shape);
  const used = usedPads([height, width], places, window);
  const pads = used.map((p, i) => (i % 2 === 0 ? Math.max(p, 0) : p));
  const first = e.op('Transpose', [e.reshape(x.name, [rows, channels, height * width])], { perm: [1, 0, 2] });
  const whole = Math.ceil(rows / b.size) * b.size;
  const missing = whole - rows;
  const spatial = [0, 0, pads[1]!, missing, 0, pads[3]!];
  const padded = padLast(e, e.reshape(first, [channels, rows, height, width]), 4, spatial);
  const input = b.op('ReorderInput', [padded]);
  // [N/B, B, M/B, places, B] to [M/B, N/B, places, B of rows, B of filters]
  const groups = [whole / b.size, b.size, filterCount / b.size, count(places), b.size];
  const full = padLast(e, missing === 0 ? d.name : e.reshape(d.name, [rows, filterCount * count(places)]), 2, [
    0,
    0,
    missing,
    0,
  ]);
  const turned = e.op('Transpose', [e.reshape(full, groups)], { perm: [2, 0, 3, 1, 4] });
  const filter = e.reshape(turned, [filterCount, whole, ...places]);
  const product = b.op('Conv', [input, filter], {
    kernel_shape: places,
    strides: dilations,
    dilations: strides,
    pads: [pads[0]!, 0, pads[2]!, 0],
    group: 1,
  });
  const reached = reachedBy([height, width], places, window, pads);
  const blocks = filterCount / b.size;
  const cut = cutTaps(e, product, [channels * blocks, ...reached, b.size], kernel);
  const taps = count(kernel);
  const lead = e.op('Transpose', [e.reshape(cut, [channels, blocks, taps * b.size])], { perm: [1, 0, 2] });
  const inner = e.op('Transpose', [e.reshape(lead, [blocks, channels * taps, b.size])], { perm: [0, 2, 1] });
  return e.reshape(inner, w.shape);
}
