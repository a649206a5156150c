/** Shared by pooling: inputs [..., C, ...size], windows over the last axes, no parameters. */
import { type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { outputSizes, padLast, product, type Window, type WindowAttributes, windowOf } from './window.ts';

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

/** `x` as [rows, 1, ...size]: every channel by itself, for kernels that want images. */
export function asPlanes(e: Emitter, x: string, shape: Shape, axes: number): { name: string; shape: Shape } {
  const planes = [product(shape.slice(0, -axes)), 1, ...shape.slice(-axes)];
  return { name: e.reshape(x, planes), shape: planes };
}

/** Repeats every element of `x` [rows, 1, ...places] over its window, with zeros where no window reaches. */
export function repeat(
  e: Emitter,
  x: string,
  window: Window,
  size: readonly number[],
  places: readonly number[],
): string {
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
