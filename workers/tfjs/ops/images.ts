/** Pooling over 1 to 3 axes, and enlargement. */
import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { type AdaptivePoolAttributes, adaptiveWindows } from '#core/ops/adaptive-pool.ts';
import { type PoolAttributes, poolWindow } from '#core/ops/pool.ts';
import type { Window } from '#core/ops/window.ts';
import { type Build, type Call, product, type Tf } from './call.ts';

/** Below every value that a network computes: padding that no maximum takes. */
const LOWEST = -1e38;

/** Every channel as a row of its own: [rows, ...size, 1], with a first size of 1 where there is one axis. */
function planes(tf: Tf, x: Tensor, axes: number): Tensor {
  const size = x.shape.slice(-axes);
  return tf.reshape(x, [-1, ...(axes === 1 ? [1] : []), ...size, 1]);
}

/** Input position that tap `t` of the window at `place` reads along axis `i`, in the padded input. */
const reads = ({ strides, dilations }: Window, i: number, place: number, t: number): number =>
  place * strides[i]! + t * dilations[i]!;

/** One axis after the other: the elements that its windows read, one window after the other, and the largest or mean of each. */
function byAxis(tf: Tf, padded: Tensor, window: Window, places: readonly number[], of: 'max' | 'mean'): Tensor {
  return window.kernel.reduce((x, taps, i) => {
    const [count, axis] = [places[i]!, x.rank - places.length + i];
    const at = Array.from({ length: count * taps }, (_, j) => reads(window, i, Math.floor(j / taps), j % taps));
    const read = tf.gather(x, tf.tensor1d(at, 'int32'), axis);
    const apart = [product(x.shape.slice(0, axis)), count, taps, product(x.shape.slice(axis + 1))];
    const reduced = tf[of](tf.reshape(read, apart), 2);
    return tf.reshape(reduced, [...x.shape.slice(0, axis), count, ...x.shape.slice(axis + 1)]);
  }, padded);
}

function pool({ tf, inputs: [x], shape, attributes }: Call<PoolAttributes>, kind: 'max' | 'avg'): Tensor {
  const window = poolWindow(attributes);
  const axes = window.kernel.length;
  const lead = x!.rank - axes;
  const around = x!.shape.map((_, i): [number, number] =>
    i < lead ? [0, 0] : [window.pads[i - lead]!, window.pads[axes + i - lead]!],
  );
  const padded = tf.pad(x!, around, kind === 'max' ? LOWEST : 0);
  // The library's kernels leave no gaps in gradients, and its gradient of maxima over volumes is wrong for windows that
  // are not as high as wide.
  if (window.dilations.some((d) => d > 1) || (axes === 3 && kind === 'max')) {
    return byAxis(tf, padded, window, shape.slice(-axes), kind === 'max' ? 'max' : 'mean');
  }
  if (axes === 3) {
    const volume = (list: readonly number[]) => list as [number, number, number];
    const volumes = planes(tf, padded, 3) as Tensor5D;
    return tf.reshape(tf.avgPool3d(volumes, volume(window.kernel), volume(window.strides), 'valid'), [...shape]);
  }
  const area = (list: readonly number[]) => [...(axes === 1 ? [1] : []), ...list] as [number, number];
  const of = kind === 'max' ? tf.maxPool : tf.avgPool;
  const pooled = of(planes(tf, padded, axes) as Tensor4D, area(window.kernel), area(window.strides), 'valid');
  return tf.reshape(pooled, [...shape]);
}

/** How many elements, padding aside, each window reads, in the shape of the places. */
function counts(window: Window, size: readonly number[], places: readonly number[]): Float32Array {
  const perAxis = places.map((count, i) =>
    Array.from(
      { length: count },
      (_, place) =>
        Array.from({ length: window.kernel[i]! }, (_, t) => reads(window, i, place, t) - window.pads[i]!).filter(
          (at) => at >= 0 && at < size[i]!,
        ).length,
    ),
  );
  const all = perAxis.reduce<number[]>((list, axis) => list.flatMap((n) => axis.map((m) => n * m)), [1]);
  return Float32Array.from(all);
}

const averagePool: Build<PoolAttributes> = (call) => {
  const window = poolWindow(call.attributes);
  const axes = window.kernel.length;
  const places = call.shape.slice(-axes);
  const read = counts(window, call.inputs[0]!.shape.slice(-axes), places);
  const factor = call.tf.div(product(window.kernel), call.tf.tensor(read, [...places]));
  return call.tf.mul(pool(call, 'avg'), factor);
};

/** Nearest: each element repeated. Linear: between the two nearest pixel centres, edges repeated. */
const resize: Build<{ mode: string; factors: readonly number[] }> = ({ tf, inputs: [x], attributes }) => {
  const { mode, factors } = attributes;
  return factors.reduce((wide, factor, i) => {
    const axis = wide.rank - factors.length + i;
    const size = wide.shape[axis]!;
    const centres = Array.from({ length: size * factor }, (_, to) =>
      mode === 'nearest' ? Math.floor(to / factor) : Math.min(Math.max((to + 0.5) / factor - 0.5, 0), size - 1),
    );
    const at = (round: (v: number) => number): Tensor =>
      tf.gather(wide, tf.tensor1d(centres.map(round), 'int32'), axis);
    if (mode === 'nearest') return at((v) => v);
    const shares = centres.map((v) => v - Math.floor(v));
    const share = tf.reshape(
      tf.tensor1d(shares),
      wide.shape.map((_, j) => (j === axis ? size * factor : 1)),
    );
    const [low, high] = [at(Math.floor), at((v) => Math.min(Math.floor(v) + 1, size - 1))];
    return tf.add(low, tf.mul(tf.sub(high, low), share));
  }, x!);
};

/** One axis after the other: windows that cut a box of sizes into places are the products of those of its axes. */
const adaptive =
  (of: 'mean' | 'max'): Build<AdaptivePoolAttributes> =>
  ({ tf, inputs: [x], attributes: { places } }) =>
    places.reduce((wide, count, i) => {
      const axis = wide.rank - places.length + i;
      const parts = adaptiveWindows(wide.shape[axis]!, count).map(({ from, to }) => {
        const begin = wide.shape.map((_, j) => (j === axis ? from : 0));
        const size = wide.shape.map((s, j) => (j === axis ? to - from : s));
        return tf[of](tf.slice(wide, begin, size), axis, true);
      });
      return tf.concat(parts, axis);
    }, x!);

export const images = {
  'adaptive-average-pool': adaptive('mean'),
  'adaptive-max-pool': adaptive('max'),
  'max-pool': ((call) => pool(call, 'max')) as Build<PoolAttributes>,
  'average-pool': averagePool,
  resize,
} satisfies Record<string, Build>;
