/**
 * Convolutions of one or two axes in blocked kernels, which convolve directly, with vectors over the channels of a block.
 * Values [N, C, ...size] of one member; weights [M, C/group, ...kernel] are row-major and reordered in the graph.
 */
import { type Shape, sizes } from '../ir/shape.ts';
import type { Blocks } from './blocked.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted, Layout } from './operator.ts';
import { onnxWindow, padLast, planar, sliceLast, type Window } from './window.ts';

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** The reach of the kernel beyond its first tap, per axis. */
const reachOf = (w: Window): number[] => w.kernel.map((k, i) => w.dilations[i]! * (k - 1));

/**
 * How the input of a convolution must lie for a blocked result, or null where there is no such kernel: channels of
 * input and result fill blocks group by group, or each is a group of its own, or the input has less than a block.
 */
export function blockedInput(block: number, w: Shape, window: Window, group: number): Layout | null {
  const [filters, perGroup] = sizes(w) as [number, number];
  const axes = window.kernel.length;
  const reach = reachOf(window);
  if (axes > 2 || filters % block !== 0 || window.pads.some((p, i) => p > reach[i % axes]!)) return null;
  if (perGroup === 1 && filters === group) return 'blocked';
  if (group === 1 && perGroup < block) return 'plain';
  return perGroup % block === 0 && (filters / group) % block === 0 ? 'blocked' : null;
}

/** Weights for a kernel that reads [M/B, I, taps, B], or [M/B, I/B, taps, B, B] where the input is blocked. */
function filters(e: Emitter, b: Blocks, w: string, shape: Shape, inBlocks: boolean): string {
  const [m, i, ...kernel] = sizes(shape) as [number, number, ...number[]];
  const taps = count(kernel);
  const inner = i * taps;
  let turned = w;
  if (inner > 1) turned = e.op('Transpose', [e.reshape(w, [m / b.size, b.size, inner])], { perm: [0, 2, 1] });
  if (inBlocks && taps > 1) {
    turned = e.op('Transpose', [e.reshape(turned, [(inner / b.size / taps) * (m / b.size), b.size, taps, b.size])], {
      perm: [0, 2, 1, 3],
    });
  }
  return e.reshape(turned, [m, i, ...padKernel(kernel)]);
}

const padKernel = (kernel: readonly number[]): number[] => (kernel.length === 1 ? [1, ...kernel] : [...kernel]);

/** Weights of the convolution that takes a result's gradient back: taps in reverse, input and output exchanged. */
function reversed(e: Emitter, b: Blocks, w: string, shape: Shape, group: number): string {
  const [m, i, ...kernel] = sizes(shape) as [number, number, ...number[]];
  const taps = count(kernel);
  const [perGroup, size] = [m / group, b.size];
  let turned = w;
  if (i === 1 && perGroup === 1) {
    if (taps > 1) turned = e.op('Transpose', [e.reshape(w, [m / size, size, taps])], { perm: [0, 2, 1] });
    turned = e.reshape(turned, [m / size, taps, size]);
  } else {
    turned = e.op('Transpose', [e.reshape(w, [group, perGroup, i / size, size * taps])], { perm: [0, 2, 1, 3] });
    const lines = e.reshape(turned, [(m / size) * (i / size), size, size, taps]);
    turned = taps === 1 ? lines : e.op('Transpose', [lines], { perm: [0, 3, 1, 2] });
    turned = e.reshape(turned, [(m / size) * (i / size), taps, size * size]);
  }
  if (taps > 1) {
    const back = e.graph.int64(Array.from({ length: taps }, (_, t) => taps - 1 - t));
    turned = e.op('Gather', [turned, back], { axis: 1 });
  }
  return e.reshape(turned, [group * i, perGroup, ...padKernel(kernel)]);
}

const imageShape = (shape: Shape): [number, number, number, number] => {
  const [n, c, ...size] = sizes(shape) as [number, number, ...number[]];
  const [h, w] = size.length === 1 ? [1, size[0]!] : [size[0]!, size[1]!];
  return [n, c, h!, w!];
};

/** The convolution of x, blocked or, for less than a block of channels, plain; the result is blocked. */
export function convBlocked(
  e: Emitter,
  b: Blocks,
  operands: readonly Emitted[],
  output: Shape,
  window: Window,
  group: number,
): string {
  const [x, w, bias] = operands as [Emitted, Emitted, Emitted | undefined];
  const dense = sizes(w.shape)[1]! >= b.size;
  const inputs = [
    e.reshape(x.name, imageShape(x.shape)),
    filters(e, b, w.name, w.shape, dense),
    ...(bias ? [bias.name] : []),
  ];
  return e.reshape(b.op('Conv', inputs, { ...onnxWindow(planar(window)), group }), output);
}

/** The gradient of a blocked input, blocked. Of x only the shape is needed. */
export function inputGradientBlocked(
  e: Emitter,
  b: Blocks,
  x: Emitted,
  w: Emitted,
  d: Emitted,
  spatial: Window,
  group: number,
): string {
  const window = planar(spatial);
  const { kernel, strides, dilations, pads } = window;
  const [rows, filterCount, ...places] = imageShape(d.shape);
  const size = imageShape(x.shape).slice(2);
  const reach = reachOf(window);
  // What the last window leaves over at the end of each axis.
  const rest = size.map((s, i) => s + pads[i]! + pads[2 + i]! - (places[i]! - 1) * strides[i]! - reach[i]! - 1);
  const weights = reversed(e, b, w.name, w.shape, group);
  const convolve = (from: string, begins: readonly number[], ends: readonly number[]): string =>
    b.op('Conv', [from, weights], {
      kernel_shape: kernel,
      strides: [1, 1],
      dilations,
      pads: [...begins, ...ends],
      group,
    });
  const image = e.reshape(d.name, [rows, filterCount, ...places]);
  const begins = reach.map((r, i) => r - pads[i]!);
  const ends = reach.map((r, i) => r - pads[2 + i]!);
  const full = places.map((p, i) => (p - 1) * strides[i]! + 1 + rest[i]!);
  if (count(kernel) === 1) {
    const small = convolve(image, [0, 0], [0, 0]);
    return e.reshape(spaced(e, b, small, [rows, sizes(x.shape)[1]!, ...places], strides, full), x.shape);
  }
  const wide = spaced(e, b, image, [rows, filterCount, ...places], strides, full);
  return e.reshape(convolve(wide, begins, ends), x.shape);
}

/** A blocked image with strides - 1 zeros after each element, cut or filled up to `size`. */
function spaced(
  e: Emitter,
  b: Blocks,
  x: string,
  [rows, channels, height, width]: readonly number[],
  strides: readonly number[],
  size: readonly number[],
): string {
  const [down, across] = strides as [number, number];
  if (down === 1 && across === 1) return x;
  const planes = (rows! * channels!) / b.size;
  let wide = x;
  if (across > 1) {
    const cells = e.reshape(x, [planes * height! * width!, 1, b.size]);
    wide = padLast(e, cells, 3, [0, 0, across - 1, 0]);
  }
  const line = width! * across * b.size;
  if (down > 1) wide = padLast(e, e.reshape(wide, [planes * height!, 1, line]), 3, [0, 0, down - 1, 0]);
  const [tall, broad] = [height! * down, width! * across];
  const shape = [planes, tall, broad, b.size];
  if (tall !== size[0] || broad !== size[1]) {
    wide = sliceLast(e, e.reshape(wide, shape), 4, [0, 0, 0], [size[0]!, size[1]!, b.size], [1, 1, 1]);
  }
  return e.reshape(wide, [rows!, channels!, size[0]!, size[1]!]);
}

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
  if (group > 1 || count(window.kernel) === 1 || rows % b.size !== 0) return null;
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
  const padded = padLast(e, e.reshape(first, [channels, rows, height, width]), 4, [0, pads[1]!, 0, pads[3]!]);
  const input = b.op('ReorderInput', [padded]);
  const groups = [rows / b.size, b.size, filterCount / b.size, count(places) * b.size];
  // [N/B, B, M/B, places · B] to [M/B, N/B, places, B of rows, B of filters]
  const outer = e.op('Transpose', [e.reshape(d.name, groups)], { perm: [2, 0, 1, 3] });
  const lines = e.reshape(outer, [groups[2]! * groups[0]!, b.size, count(places), b.size]);
  const filter = e.reshape(e.op('Transpose', [lines], { perm: [0, 2, 1, 3] }), [filterCount, rows, ...places]);
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
