/** The gradient of a convolution by its input, and what else undoes a window: ONNX's ConvTranspose, or the same by Conv. */
import { sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';
import { onnxWindow, padLast, sliceLast, type Window } from './window.ts';

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/**
 * d [N, M, ...places] and weights w [M, C/group, ...kernel] give [N, C, ...size], with `rest` more places at the end than
 * the windows reach.
 */
export function transposedConv(
  e: Emitter,
  d: Emitted,
  w: Emitted,
  window: Window,
  rest: readonly number[],
  group: number,
): string {
  const [filters, perGroup] = sizes(w.shape) as [number, number];
  const axes = window.kernel.length;
  const exact = axes < 3 && (group === 1 || perGroup > 1 || filters === group);
  if (e.forms.convTranspose || exact) {
    return e.op('ConvTranspose', [d.name, w.name], { ...onnxWindow(window), output_padding: [...rest], group });
  }
  const { kernel, strides, dilations, pads } = window;
  const reach = kernel.map((k, i) => dilations[i]! * (k - 1));
  const places = sizes(d.shape.slice(2));
  const wide = spacedOut(e, d, strides);
  const around = padLast(e, wide, axes + 2, [...reach, ...reach.map((r, i) => r + rest[i]!)]);
  const plain = { ...onnxWindow(window), strides: kernel.map(() => 1), pads: pads.map(() => 0) };
  const whole = e.op('Conv', [around, turned(e, w, group)], { ...plain, group });
  const size = places.map((p, i) => (p - 1) * strides[i]! + 1 + reach[i]! + rest[i]! - pads[i]! - pads[axes + i]!);
  const ones = size.map(() => 1);
  return sliceLast(e, whole, axes + 2, pads.slice(0, axes), size, ones);
}

/** Weights with input and output exchanged and the taps in reverse. */
export function turned(e: Emitter, w: Emitted, group: number): string {
  const [filters, perGroup, ...kernel] = sizes(w.shape) as [number, number, ...number[]];
  const taps = count(kernel);
  const wide = filters / group;
  let exchanged = w.name;
  if (wide > 1 && perGroup > 1) {
    exchanged = e.op('Transpose', [e.reshape(w.name, [group, wide, perGroup, taps])], { perm: [0, 2, 1, 3] });
  }
  const lines = e.reshape(exchanged, [group * perGroup * wide, taps]);
  const back = e.graph.int64(Array.from({ length: taps }, (_, t) => taps - 1 - t));
  const reversed = taps === 1 ? lines : e.op('Gather', [lines, back], { axis: 1 });
  return e.reshape(reversed, [group * perGroup, wide, ...kernel]);
}

/** `x` with zeros between its places, `by - 1` along each axis. */
function spacedOut(e: Emitter, x: Emitted, by: readonly number[]): string {
  const shape = sizes(x.shape);
  return by.reduce((name, step, i) => {
    const size = shape[i + 2]!;
    if (step === 1 || size === 1) return name;
    const before = count(shape.slice(0, i + 2));
    const after = count(shape.slice(i + 3));
    const apart = padLast(e, e.reshape(name, [before, size, 1, after]), 4, [0, 0, step - 1, 0]);
    const kept = (size - 1) * step + 1;
    const cut = sliceLast(e, e.reshape(apart, [before, size * step, after]), 3, [0, 0], [kept, after], [1, 1]);
    shape[i + 2] = kept;
    return e.reshape(cut, shape);
  }, x.name);
}
