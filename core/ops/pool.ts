/** Shared by pooling: inputs [..., C, ...size], windows over the last axes, no parameters. */
import { type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { imageOf } from './blocked.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted, Layouts, Placed } from './operator.ts';
import {
  onnxWindow,
  outputSizes,
  padLast,
  planar,
  product,
  type Window,
  type WindowAttributes,
  windowOf,
} from './window.ts';

/** Strides are the kernel where nothing else is said. */
export type PoolAttributes = WindowAttributes & { kernel: readonly number[] };

export const poolWindow = (a: PoolAttributes): Window => windowOf(a.kernel, { ...a, strides: a.strides ?? a.kernel });

/** Output shape of pooling. Throws a ShapeError, also where padding could fill a whole window. */
export function poolShape(x: Shape, attributes: PoolAttributes): Shape {
  const window = poolWindow(attributes);
  const axes = window.kernel.length;
  const tooWide = window.pads.some((p, i) => p >= window.kernel[i % axes]!);
  if (x.length < axes + 1 || axes > 3 || tooWide) {
    throw new ShapeError(`${showShape(x)} cannot be pooled by a window of ${showShape(window.kernel)}.`);
  }
  return [...x.slice(0, -axes), ...outputSizes(window, x)];
}

/** Whether no element is read by two windows or lies in padding: pooling then undoes by repeating elements. */
export const isTiling = ({ kernel, strides, dilations, pads }: Window): boolean =>
  kernel.every((k, i) => k === strides[i]) && dilations.every((d) => d === 1) && pads.every((p) => p === 0);

/** Layouts of pooling over the places of an image [K, N, C, H, W] or a sequence [K, N, C, T]: blocked where x is. */
export function poolLayouts(axes: number, [x]: readonly Placed[]): Layouts | null {
  const whole = axes <= 2 && x!.shape.length === axes + 3;
  return whole && x!.layout === 'blocked' ? { inputs: ['blocked'], output: 'blocked' } : null;
}

/** `x` as [rows, 1, ...size]: every channel by itself, for kernels that want images. */
export function asPlanes(e: Emitter, x: string, shape: Shape, axes: number): { name: string; shape: Shape } {
  const planes = [product(shape.slice(0, -axes)), 1, ...shape.slice(-axes)];
  return { name: e.reshape(x, planes), shape: planes };
}

/** How pooling runs its kernels: on planes [rows, 1, ...size], or on blocked images [rows, C, H, W]. */
export interface PoolKernels {
  /** A value over `size` as the kernels take it. */
  view(x: string, size: readonly number[]): string;
  max(x: string, window: Window): string;
  average(x: string, window: Window): string;
  /** Repeats every element over its window, with zeros where no window reaches. */
  repeat(x: string, window: Window, size: readonly number[], places: readonly number[]): string;
}

/** The kernels for values like `x`, whose last axes have other sizes where that is said. */
export function poolKernels(e: Emitter, x: Emitted, axes: number): PoolKernels {
  const lead = x.shape.slice(0, -axes);
  const { blocks } = e;
  if (blocks === null || x.layout !== 'blocked') {
    return {
      view: (name, size) => asPlanes(e, name, [...lead, ...size], axes).name,
      max: (name, window) => e.op('MaxPool', [name], onnxWindow(window)),
      average: (name, window) => e.op('AveragePool', [name], onnxWindow(window)),
      repeat: (name, window, size, places) => repeat(e, name, window, size, places),
    };
  }
  const attributes = (window: Window) => onnxWindow(planar(window));
  return {
    view: (name, size) => e.reshape(name, imageOf([...lead, ...size])),
    max: (name, window) => blocks.op('MaxPool', [name], attributes(window)),
    average: (name, window) => blocks.op('AveragePool', [name], attributes(window)),
    repeat: (name, window, size, places) => {
      const { kernel } = planar(window);
      const wide = blocks.op('Upsample', [name], { scales: [1, 1, ...kernel] });
      const rest = size.map((s, i) => s - places[i]! * window.kernel[i]!);
      if (rest.every((r) => r === 0)) return wide;
      const image = imageOf([...lead, ...size]);
      const [right, below] = [rest.at(-1)!, rest.length === 2 ? rest[0]! : 0];
      const planes = (image[0] * image[1]) / blocks.size;
      const lines = e.reshape(wide, [planes, image[2] - below, image[3] - right, blocks.size]);
      return e.reshape(padLast(e, lines, 4, [0, 0, 0, below, right, 0]), image);
    },
  };
}

/** Repeats every element of `x` [rows, 1, ...places] over its window, with zeros where no window reaches. */
function repeat(e: Emitter, x: string, window: Window, size: readonly number[], places: readonly number[]): string {
  const scales = e.graph.float32([1, 1, ...window.kernel]);
  const wide = e.op('Resize', [x, '', scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
  const rest = size.map((s, i) => s - places[i]! * window.kernel[i]!);
  return padLast(e, wide, size.length + 2, [...rest.map(() => 0), ...rest]);
}

export const lastSizes = (shape: Shape, axes: number): number[] => sizes(shape.slice(-axes));
