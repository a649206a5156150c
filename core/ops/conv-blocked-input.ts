/** Gradients of blocked inputs: convolutions of the result's gradient with the weights turned round. */
import { type Shape, sizes } from '../ir/shape.ts';
import type { Blocks } from './blocked.ts';
import { imageShape, padKernel, reachOf } from './conv-blocked.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';
import { padLast, planar, sliceLast, type Window } from './window.ts';

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Weights with input and output exchanged, as [blocks, taps, values of a block]; their number of blocks. */
function exchanged(e: Emitter, b: Blocks, w: string, shape: Shape, group: number): { name: string; blocks: number } {
  const [m, i, ...kernel] = sizes(shape) as [number, number, ...number[]];
  const taps = count(kernel);
  const [perGroup, size] = [m / group, b.size];
  if (i === 1 && perGroup === 1) {
    const blocks = m / size;
    const turned = taps === 1 ? w : e.op('Transpose', [e.reshape(w, [blocks, size, taps])], { perm: [0, 2, 1] });
    return { name: e.reshape(turned, [blocks, taps, size]), blocks };
  }
  const blocks = (m / size) * (i / size);
  const outer = e.op('Transpose', [e.reshape(w, [group, perGroup, i / size, size * taps])], { perm: [0, 2, 1, 3] });
  const lines = e.reshape(outer, [blocks, size, size, taps]);
  const inner = taps === 1 ? lines : e.op('Transpose', [lines], { perm: [0, 3, 1, 2] });
  return { name: e.reshape(inner, [blocks, taps, size * size]), blocks };
}

/**
 * What one residue of places modulo the stride needs: its taps of the kernel, last first, and the padding of the gradient so
 * that the result starts and ends with the input.
 */
interface Phase {
  readonly taps: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The phases along one axis, or null where one has no tap, or would have to be cut, or they are not equally long. */
function phasesOf(window: Window, axis: number, size: number, places: number): Phase[] | null {
  const [stride, kernel, dilation, pad] = [window.strides, window.kernel, window.dilations, window.pads].map(
    (list) => list[axis]!,
  ) as [number, number, number, number];
  if (stride > 1 && (dilation > 1 || size % stride !== 0)) return null;
  const phases = Array.from({ length: stride }, (_, v): Phase => {
    const residue = (v + pad) % stride;
    const taps: number[] = [];
    for (let t = residue; t < kernel; t += stride) taps.unshift(t);
    const reach = dilation * (taps.length - 1);
    const begin = reach - (v + pad - residue) / stride;
    return { taps, begin, end: size / stride - places - begin + reach };
  });
  return phases.every((p) => p.taps.length > 0 && p.begin >= 0 && p.end >= 0) ? phases : null;
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
  const [rows, filters, ...places] = imageShape(d.shape);
  const [, channels, ...size] = imageShape(x.shape);
  const kernel = padKernel(window.kernel);
  const weights = exchanged(e, b, w.name, w.shape, group);
  const perGroup = sizes(w.shape)[0]! / group;
  /** A convolution of an image with the taps that the phases leave. */
  const convolve = (image: string, down: Phase, across: Phase): string => {
    const taps = down.taps.flatMap((t) => across.taps.map((u) => t * kernel[1]! + u));
    const all = taps.length === 1 && count(kernel) === 1;
    const chosen = all ? weights.name : e.op('Gather', [weights.name, e.graph.int64(taps)], { axis: 1 });
    const shape = [down.taps.length, across.taps.length];
    return b.op('Conv', [image, e.reshape(chosen, [channels, perGroup, ...shape])], {
      kernel_shape: shape,
      strides: [1, 1],
      dilations: window.dilations,
      pads: [down.begin, across.begin, down.end, across.end],
      group,
    });
  };
  const image = e.reshape(d.name, [rows, filters, ...places]);
  const [down, across] = [0, 1].map((i) => phasesOf(window, i, size[i]!, places[i]!));
  if (down && across) {
    const parts = down.map((p) => across.map((q) => convolve(image, p, q)));
    return e.reshape(interleaved(e, parts, [(rows * channels) / b.size, ...size, b.size]), x.shape);
  }
  // Zeros between the elements, then one convolution with all taps.
  const reach = reachOf(window);
  const full = size.map((s, i) => s + window.pads[i]! + window.pads[2 + i]! - reach[i]!);
  const whole = kernel.map((k, i): Phase => {
    const taps = Array.from({ length: k }, (_, t) => k - 1 - t);
    return { taps, begin: reach[i]! - window.pads[i]!, end: reach[i]! - window.pads[2 + i]! };
  }) as [Phase, Phase];
  if (count(kernel) === 1) {
    const small = convolve(image, ...whole);
    return e.reshape(spaced(e, b, small, [rows, channels, ...places], window.strides, full), x.shape);
  }
  return e.reshape(convolve(spaced(e, b, image, [rows, filters, ...places], window.strides, full), ...whole), x.shape);
}

/** Blocked images, one for every pair of residues, woven into one of [planes, H, W, B]. */
function interleaved(
  e: Emitter,
  parts: readonly (readonly string[])[],
  [planes, height, width, block]: readonly number[],
): string {
  const [down, across] = [parts.length, parts[0]!.length];
  const weave = (list: readonly string[], shape: readonly number[]): string =>
    list.length === 1
      ? list[0]!
      : e.op(
          'Concat',
          list.map((part) => e.reshape(part, shape)),
          { axis: shape.length - 1 },
        );
  const cells = [planes! * (height! / down) * (width! / across), block!];
  const rows = parts.map((row) => weave(row, cells));
  return weave(rows, [planes! * (height! / down), width! * block!]);
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
