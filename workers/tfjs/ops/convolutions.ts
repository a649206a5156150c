/** Convolution and its transpose, members one after the other, over 1 to 3 axes. */
import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { type Window, type WindowAttributes, windowOf } from '#core/ops/window.ts';
import { type Build, product, type Tf } from './call.ts';

type ConvAttributes = WindowAttributes & { group?: number };
type TransposeAttributes = ConvAttributes & { outputPadding?: readonly number[] };

/** Zeros around the axes after the first `lead`: all begins, then all ends. */
const padAfter = (tf: Tf, x: Tensor, lead: number, pads: readonly number[]): Tensor => {
  const axes = pads.length / 2;
  const around = x.shape.map((_, i): [number, number] =>
    i < lead ? [0, 0] : [pads[i - lead]!, pads[axes + i - lead]!],
  );
  return tf.pad(x, around);
};

/** `x` with `by[i] - 1` zeros between neighbours along each axis after the first two. */
function spaceOut(tf: Tf, x: Tensor, by: readonly number[]): Tensor {
  if (by.every((n) => n === 1)) return x;
  const [a, b, ...size] = x.shape as [number, number, ...number[]];
  return size.reduce((wide, count, i) => {
    const before = product(wide.shape.slice(0, i + 2));
    const after = product(wide.shape.slice(i + 3));
    const apart = tf.pad(tf.reshape(wide, [before, count, 1, after]), [
      [0, 0],
      [0, 0],
      [0, by[i]! - 1],
      [0, 0],
    ]);
    const joined = tf.reshape(apart, [before, count * by[i]!, after]);
    const kept = (count - 1) * by[i]! + 1;
    const rest = size.slice(i + 1);
    const done = size.slice(0, i).map((n, j) => (n - 1) * by[j]! + 1);
    return tf.reshape(tf.slice(joined, [0, 0, 0], [before, kept, after]), [a, b, ...done, kept, ...rest]);
  }, x);
}

/** x [N, C, ...size] and w [M, C/group, ...kernel], padded and dilated already, give [N, M, ...places]. */
function convolve(tf: Tf, x: Tensor, w: Tensor, strides: readonly number[], group: number): Tensor {
  const axes = strides.length;
  if (axes === 1) {
    const row = (v: Tensor): Tensor => tf.reshape(v, [...v.shape.slice(0, 2), 1, v.shape[2]!]);
    const flat = convolve(tf, row(x), row(w), [1, ...strides], group);
    return tf.squeeze(flat, [2]);
  }
  const spatial = Array.from({ length: axes }, (_, i) => i + 2);
  const channelsLast = tf.transpose(x, [0, ...spatial, 1]);
  const parts = (v: Tensor, axis: number): Tensor[] => (group === 1 ? [v] : tf.split(v, group, axis));
  const kernels = (v: Tensor): Tensor => tf.transpose(v, [...spatial, 1, 0]);
  const back = (y: Tensor): Tensor => tf.transpose(y, [0, axes + 1, ...spatial.map((i) => i - 1)]);
  if (axes === 2 && group > 1 && w.shape[1] === 1 && strides[0] === strides[1]) {
    const [filters, , ...kernel] = w.shape as [number, number, ...number[]];
    const perChannel = tf.reshape(w, [group, filters / group, ...kernel]);
    const depthwise = tf.transpose(perChannel, [2, 3, 0, 1]) as Tensor4D;
    return back(tf.depthwiseConv2d(channelsLast as Tensor4D, depthwise, strides[0]!, 'valid'));
  }
  const filters = parts(w, 0).map(kernels);
  const outputs = parts(channelsLast, axes + 1).map((part, g) =>
    axes === 2
      ? tf.conv2d(part as Tensor4D, filters[g] as Tensor4D, strides as [number, number], 'valid')
      : tf.conv3d(part as Tensor5D, filters[g] as Tensor5D, strides as [number, number, number], 'valid'),
  );
  return back(outputs.length === 1 ? outputs[0]! : tf.concat(outputs as Tensor[], axes + 1));
}

/** Member `k` of `x` [K or 1, ...]. */
const memberOf = (tf: Tf, x: Tensor, k: number): Tensor =>
  tf.reshape(x.shape[0] === 1 ? x : tf.slice(x, [k, ...x.shape.slice(1).map(() => 0)], [1, ...x.shape.slice(1)]), [
    ...x.shape.slice(1),
  ]);

const eachMember = (tf: Tf, members: number, of: (k: number) => Tensor): Tensor =>
  tf.stack(Array.from({ length: members }, (_, k) => of(k)));

const windowFor = (w: Tensor, attributes: WindowAttributes): Window => windowOf(w.shape.slice(3), attributes);

const conv: Build<ConvAttributes> = ({ tf, inputs: [x, w, b], attributes }) => {
  const { strides, dilations, pads } = windowFor(w!, attributes);
  const y = eachMember(tf, w!.shape[0]!, (k) => {
    const kernel = spaceOut(tf, memberOf(tf, w!, k), dilations);
    return convolve(tf, padAfter(tf, memberOf(tf, x!, k), 2, pads), kernel, strides, attributes.group ?? 1);
  });
  if (!b) return y;
  const [members, filters] = b.shape as [number, number];
  return tf.add(y, tf.reshape(b, [members, 1, filters, ...strides.map(() => 1)]));
};

/** By its definition: the input with zeros between, convolved with the kernel turned around. */
const convTranspose: Build<TransposeAttributes> = ({ tf, inputs: [x, w], shape, attributes }) => {
  const { group = 1, outputPadding } = attributes;
  const { kernel, strides, dilations, pads } = windowFor(w!, attributes);
  const reach = kernel.map((k, i) => dilations[i]! * (k - 1));
  const spatial = kernel.map((_, i) => i);
  return eachMember(tf, w!.shape[0]!, (k) => {
    const [filters, perGroup, ...rest] = w!.shape.slice(1) as [number, number, ...number[]];
    const grouped = tf.reshape(memberOf(tf, w!, k), [group, filters / group, perGroup, ...rest]);
    const swapped = tf.transpose(grouped, [0, 2, 1, ...spatial.map((i) => i + 3)]);
    const flat = tf.reshape(swapped, [group * perGroup, filters / group, ...rest]);
    const turned = spaceOut(
      tf,
      tf.reverse(
        flat,
        spatial.map((i) => i + 2),
      ),
      dilations,
    );
    const wide = spaceOut(tf, memberOf(tf, x!, k), strides);
    const around = padAfter(tf, wide, 2, [...reach, ...reach.map((r, i) => r + (outputPadding?.[i] ?? 0))]);
    const whole = convolve(tf, around, turned, [...kernel].fill(1), group);
    return tf.slice(whole, [0, 0, ...pads.slice(0, kernel.length)], [...shape.slice(1)]);
  });
};

export const convolutions = { conv, 'conv-transpose': convTranspose } satisfies Record<string, Build>;
