/**
 * Convolutions of one or two axes in blocked kernels, which convolve directly, with vectors over the channels of a block.
 * Values [N, C, ...size] of one member; weights [M, C/group, ...kernel] are row-major and reordered in the graph.
 */
import { type Shape, sizes } from '../ir/shape.ts';
import type { Blocks } from './blocked.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted, Layout } from './operator.ts';
import { onnxWindow, planar, type Window } from './window.ts';

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** The reach of the kernel beyond its first tap, per axis. */
export const reachOf = (w: Window): number[] => w.kernel.map((k, i) => w.dilations[i]! * (k - 1));

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
  // Patches that tile the image become tokens, which are row-major.
  const patches = window.kernel.every((k, i) => k > 1 && k === window.strides[i]);
  if (group === 1 && perGroup < block) return patches ? null : 'plain';
  return perGroup % block === 0 && (filters / group) % block === 0 ? 'blocked' : null;
}

/** A value of one member as an image; a sequence is one row. */
export const imageShape = (shape: Shape): [number, number, number, number] => {
  const [n, c, ...size] = sizes(shape) as [number, number, ...number[]];
  const [h, w] = size.length === 1 ? [1, size[0]!] : [size[0]!, size[1]!];
  return [n, c, h!, w!];
};

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

export const padKernel = (kernel: readonly number[]): number[] => (kernel.length === 1 ? [1, ...kernel] : [...kernel]);

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
