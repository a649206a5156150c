/** Windows that slide over the last axes of a tensor: what convolution and pooling share. */
import { type Shape, ShapeError, type Size, showShape } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';

/** One number per spatial axis; `pads` are all begins, then all ends, as in ONNX. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
}

export type WindowAttributes = {
  strides?: readonly number[];
  dilations?: readonly number[];
  pads?: readonly number[];
};

/** The window of `kernel` with strides and dilations of 1 and no padding where nothing else is said. Throws a ShapeError. */
export function windowOf(kernel: readonly number[], { strides, dilations, pads }: WindowAttributes): Window {
  const ones = kernel.map(() => 1);
  const window = {
    kernel,
    strides: strides ?? ones,
    dilations: dilations ?? ones,
    pads: pads ?? [...ones, ...ones].fill(0),
  };
  const whole = (list: readonly number[], count: number, low: number): boolean =>
    list.length === count && list.every((v) => Number.isInteger(v) && v >= low);
  const axes = kernel.length;
  const fits = axes > 0 && whole(kernel, axes, 1) && whole(window.strides, axes, 1) && whole(window.dilations, axes, 1);
  if (!fits || !whole(window.pads, 2 * axes, 0)) throw new ShapeError(`${JSON.stringify(window)} is no window.`);
  return window;
}

/** Places at which the window fits along each of the last axes of `shape`, whose sizes must be known. Throws a ShapeError. */
export function outputSizes({ kernel, strides, dilations, pads }: Window, shape: Shape): number[] {
  const axes = kernel.length;
  return kernel.map((k, i) => {
    const size = shape[shape.length - axes + i];
    const reach = dilations[i]! * (k - 1) + 1;
    const padded = typeof size === 'number' ? size + pads[i]! + pads[axes + i]! : 0;
    if (padded < reach) throw new ShapeError(`A window of ${showShape(kernel)} does not fit ${showShape(shape)}.`);
    return Math.floor((padded - reach) / strides[i]!) + 1;
  });
}

/** The window's attributes for ONNX. */
export const onnxWindow = (w: Window) => ({
  kernel_shape: w.kernel,
  strides: w.strides,
  dilations: w.dilations,
  pads: w.pads,
});

/** The same window over an image, in which a sequence is one row. */
export function planar(window: Window): Window {
  if (window.kernel.length === 2) return window;
  const [before, after] = window.pads as [number, number];
  return {
    kernel: [1, ...window.kernel],
    strides: [1, ...window.strides],
    dilations: [1, ...window.dilations],
    pads: [0, before, 0, after],
  };
}

/** Every index into a box of `dims`, the last axis running fastest. */
export function positions(dims: readonly number[]): number[][] {
  return dims.reduce<number[][]>(
    (list, d) => list.flatMap((p) => Array.from({ length: d }, (_, i) => [...p, i])),
    [[]],
  );
}

const flatIndex = (position: readonly number[], dims: readonly number[]): number =>
  position.reduce((at, p, i) => at * dims[i]! + p, 0);

/**
 * Calls `visit` for every element that a window reads: flat input position, number of the tap in the window, flat output
 * position. Padding is not visited.
 */
export function eachRead(
  { kernel, strides, dilations, pads }: Window,
  input: readonly number[],
  output: readonly number[],
  visit: (from: number, tap: number, to: number) => void,
): void {
  const taps = positions(kernel);
  positions(output).forEach((place, to) => {
    taps.forEach((tap, t) => {
      const at = place.map((p, i) => p * strides[i]! - pads[i]! + tap[i]! * dilations[i]!);
      if (at.every((a, i) => a >= 0 && a < input[i]!)) visit(flatIndex(at, input), t, to);
    });
  });
}

/** Product of sizes as far as they are known; a name while any is open. */
export function product(shape: Shape): Size {
  return shape.every((d) => typeof d === 'number') ? shape.reduce<number>((a, b) => a * (b as number), 1) : 'rows';
}

/** Elements from `starts` in `counts` steps of `strides` along the last axes of a tensor of `rank`. */
export function sliceLast(
  e: Emitter,
  x: string,
  rank: number,
  starts: readonly number[],
  counts: readonly number[],
  strides: readonly number[],
): string {
  const ends = starts.map((s, i) => s + (counts[i]! - 1) * strides[i]! + 1);
  const axes = starts.map((_, i) => rank - starts.length + i);
  return e.op('Slice', [x, ...[starts, ends, axes, strides].map((v) => e.graph.int64(v))]);
}

/** `x` with zeros around its last axes: all begins, then all ends. */
export function padLast(e: Emitter, x: string, rank: number, pads: readonly number[]): string {
  if (pads.every((p) => p === 0)) return x;
  const axes = pads.length / 2;
  const lead = new Array<number>(rank - axes).fill(0);
  return e.op('Pad', [x, e.graph.int64([...lead, ...pads.slice(0, axes), ...lead, ...pads.slice(axes)])]);
}
