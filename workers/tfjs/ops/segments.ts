/** Rows read and added up by index: embeddings and message passing. */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Build, Tf } from './call.ts';

/** Members' rows lie below each other: index + k · rows, as [reads]. */
function below(tf: Tf, indices: Tensor, members: number, rows: number): Tensor {
  const starts = tf.mul(tf.range(0, members, 1, 'int32'), rows);
  const first = tf.reshape(starts, [members, ...indices.shape.slice(1).map(() => 1)]);
  return tf.reshape(tf.cast(tf.add(indices, first), 'int32'), [-1]);
}

const gather: Build = ({ tf, inputs: [table, indices], shape }) => {
  const [members, rows, width] = table!.shape as [number, number, number];
  const flat = tf.reshape(table!, [members * rows, width]);
  return tf.reshape(tf.gather(flat, below(tf, indices!, members, rows)), [...shape]);
};

interface Segments {
  /** [K · E, D] */
  readonly values: Tensor;
  /** Segment of every value, [K · E]. */
  readonly index: Tensor;
  /** Segments of all members. */
  readonly count: number;
}

function segmentsOf(tf: Tf, values: Tensor, indices: Tensor, rows: number): Segments {
  const [members, reads, width] = values.shape as [number, number, number];
  return {
    values: tf.reshape(values, [members * reads, width]),
    index: below(tf, indices, members, rows),
    count: members * rows,
  };
}

const sum = (tf: Tf, { index, count }: Segments, values: Tensor): Tensor =>
  tf.unsortedSegmentSum(values, index as Tensor1D, count);

/**
 * Largest value of each segment [count, D], 0 where a segment is empty, and where the values equal it (1 or 0). Computed
 * outside the library, so that no gradient flows: it has neither a maximum by segment nor a gradient of comparisons.
 */
function maxima(tf: Tf, { values, index, count }: Segments): { largest: Tensor; mine: Tensor } {
  const [numbers, places] = [values.dataSync(), index.dataSync()];
  const width = values.shape[1]!;
  const cell = (i: number): number => places[Math.floor(i / width)]! * width + (i % width);
  const largest = new Float32Array(count * width).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < numbers.length; i++) largest[cell(i)] = Math.max(largest[cell(i)]!, numbers[i]!);
  const mine = Float32Array.from(numbers, (v, i) => (v === largest[cell(i)] ? 1 : 0));
  const filled = largest.map((v) => (v === Number.NEGATIVE_INFINITY ? 0 : v));
  return { largest: tf.tensor2d(filled, [count, width]), mine: tf.tensor(mine, values.shape) };
}

const scatterAdd: Build<{ rows: number }> = ({ tf, inputs: [values, indices], shape, attributes: { rows } }) => {
  const s = segmentsOf(tf, values!, indices!, rows);
  return tf.reshape(sum(tf, s, s.values), [...shape]);
};

const propagate: Build = (call) => {
  const { tf, inputs, shape } = call;
  const [x, sources, targets, weights] = inputs as [Tensor, Tensor, Tensor, Tensor?];
  const [members, nodes, width] = shape as [number, number, number];
  const read = gather({ ...call, inputs: [x, sources], shape: [members, sources.shape[1]!, width] });
  const sent = weights ? tf.mul(read, weights) : read;
  const s = segmentsOf(tf, sent, targets, nodes);
  return tf.reshape(sum(tf, s, s.values), [...shape]);
};

const segmentMean: Build<{ rows: number }> = ({ tf, inputs: [values, indices], shape, attributes: { rows } }) => {
  const s = segmentsOf(tf, values!, indices!, rows);
  const counts = tf.maximum(sum(tf, s, tf.ones([s.index.size, 1])), 1);
  return tf.reshape(tf.div(sum(tf, s, s.values), counts), [...shape]);
};

/** Tied maxima share: the mean of all values that equal the largest. */
const segmentMax: Build<{ rows: number }> = ({ tf, inputs: [values, indices], shape, attributes: { rows } }) => {
  const s = segmentsOf(tf, values!, indices!, rows);
  const { mine } = maxima(tf, s);
  const ties = tf.maximum(sum(tf, s, mine), 1);
  return tf.reshape(tf.div(sum(tf, s, tf.mul(s.values, mine)), ties), [...shape]);
};

const segmentSoftmax: Build<{ rows: number }> = ({ tf, inputs: [values, indices], attributes: { rows } }) => {
  const s = segmentsOf(tf, values!, indices!, rows);
  const powers = tf.exp(tf.sub(s.values, tf.gather(maxima(tf, s).largest, s.index)));
  return tf.reshape(tf.div(powers, tf.gather(sum(tf, s, powers), s.index)), values!.shape);
};

export const segments = {
  gather,
  propagate,
  'scatter-add': scatterAdd,
  'segment-mean': segmentMean,
  'segment-max': segmentMax,
  'segment-softmax': segmentSoftmax,
} satisfies Record<string, Build>;
