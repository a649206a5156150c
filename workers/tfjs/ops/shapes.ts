/** Operators that move elements: views, parts, joins, repetition, and constants. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { type Build, product, spread } from './call.ts';

const fromFront = (x: Tensor, axis: number): number => (axis < 0 ? axis + x.rank : axis);

const concat: Build<{ axis: number }> = ({ tf, inputs, attributes: { axis } }) =>
  tf.concat([...inputs], fromFront(inputs[0]!, axis));

const reshape: Build = ({ tf, inputs: [x], shape }) => tf.reshape(x!, [...shape]);

const transpose: Build<{ perm: readonly number[] }> = ({ tf, inputs: [x], attributes: { perm } }) =>
  tf.transpose(x!, [...perm]);

const slice: Build<{ axis: number; start: number }> = ({ tf, inputs: [x], shape, attributes }) => {
  const begin = shape.map(() => 0);
  begin[fromFront(x!, attributes.axis)] = attributes.start;
  return tf.slice(x!, begin, [...shape]);
};

const select: Build<{ axis: number; indices: readonly number[] }> = ({ tf, inputs: [x], attributes }) =>
  tf.gather(x!, tf.tensor1d([...attributes.indices], 'int32'), fromFront(x!, attributes.axis));

const pad: Build<{ pads: readonly number[] }> = ({ tf, inputs: [x], attributes: { pads } }) => {
  const axes = pads.length / 2;
  const first = x!.rank - axes;
  const around = x!.shape.map((_, i): [number, number] =>
    i < first ? [0, 0] : [pads[i - first]!, pads[axes + i - first]!],
  );
  return tf.pad(x!, around);
};

const expand: Build = ({ tf, inputs: [x], shape }) => spread(tf, x!, shape);

const constant: Build<{ values: readonly number[] }> = ({ tf, shape, attributes: { values } }) =>
  values.length === product(shape) ? tf.tensor([...values], [...shape]) : tf.fill([...shape], values[0]!);

export const shapes = {
  concat,
  reshape,
  transpose,
  slice,
  select,
  pad,
  expand,
  constant,
} satisfies Record<string, Build>;
