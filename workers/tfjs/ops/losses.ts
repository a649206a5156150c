/** Losses: predictions [K, B, C] against targets [K, B, C], row weights [K, B, 1], one mean over rows per member [K]. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Attributes } from '#core/ops/operator.ts';
import { type Build, stop, type Tf } from './call.ts';

type Terms<A> = (tf: Tf, prediction: Tensor, target: Tensor, attributes: A) => Tensor;

/** @param terms loss of every element, or of every row [K, B, 1] */
const loss =
  <A extends Attributes>(terms: Terms<A>): Build<A> =>
  ({ tf, inputs: [prediction, target, weights], attributes }) => {
    const each = terms(tf, prediction!, stop(tf, target!), attributes);
    const weighted = weights ? tf.mul(each, stop(tf, weights)) : each;
    return tf.div(tf.sum(weighted, [1, 2]), prediction!.shape[1]!);
  };

const smoothed = (tf: Tf, target: Tensor, smoothing: number, share: number): Tensor =>
  tf.add(tf.mul(target, 1 - smoothing), smoothing * share);

const crossEntropy = loss<{ smoothing: number }>((tf, logits, target, { smoothing }) => {
  const soft = smoothed(tf, target, smoothing, 1 / logits.shape[2]!);
  return tf.neg(tf.sum(tf.mul(soft, tf.logSoftmax(logits)), 2, true));
});

const bce = loss<{ smoothing: number }>((tf, logits, target, { smoothing }) => {
  const soft = smoothed(tf, target, smoothing, 0.5);
  return tf.sub(tf.softplus(logits), tf.mul(logits, soft));
});

const mse = loss((tf, prediction, target) => tf.squaredDifference(prediction, target));

const mae = loss((tf, prediction, target) => tf.abs(tf.sub(prediction, target)));

const huber = loss<{ delta: number }>((tf, prediction, target, { delta }) => {
  const size = tf.abs(tf.sub(prediction, target));
  const inside = tf.minimum(size, delta);
  return tf.add(tf.mul(tf.square(inside), 0.5), tf.mul(tf.sub(size, inside), delta));
});

const quantile = loss<{ quantiles: readonly number[] }>((tf, prediction, target, { quantiles }) => {
  const rest = tf.sub(target, prediction);
  const q = tf.tensor1d([...quantiles]);
  return tf.maximum(tf.mul(rest, q), tf.mul(rest, tf.sub(q, 1)));
});

const focal = loss<{ gamma: number }>((tf, logits, target, { gamma }) => {
  const logs = tf.logSoftmax(logits);
  const crossed = tf.mul(target, logs);
  const unsure = gamma === 0 ? crossed : tf.mul(crossed, tf.pow(tf.relu(tf.sub(1, tf.exp(logs))), gamma));
  return tf.neg(tf.sum(unsure, 2, true));
});

const dice = loss<{ smooth: number }>((tf, logits, target, { smooth }) => {
  const p = tf.sigmoid(logits);
  const overlap = tf.sum(tf.mul(p, target), 2, true);
  const total = tf.sum(tf.add(p, target), 2, true);
  return tf.sub(1, tf.div(tf.add(tf.mul(overlap, 2), smooth), tf.add(total, smooth)));
});

export const losses = {
  'cross-entropy': crossEntropy,
  bce,
  mse,
  mae,
  huber,
  quantile,
  focal,
  dice,
} satisfies Record<string, Build>;
