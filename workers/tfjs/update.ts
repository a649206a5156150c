/** The optimizers in TensorFlow.js on flat vectors [K, n]: as their papers state them, with the state that every trainer keeps. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerName } from '#core/train/optimizer.ts';
import type { TrainerOptions } from '#core/train/trainer.ts';
import type { Tf } from './ops/call.ts';

/** Tensors [K, n]. AdamW's moments are kept divided by (1 - beta), as core/train/adamw.ts has them. */
export interface Moments {
  readonly first: Tensor;
  readonly second: Tensor;
}

export interface Direction extends Moments {
  /** What is subtracted from the parameters, times the learning rate. */
  readonly direction: Tensor;
}

type Rule = (tf: Tf, gradient: Tensor, moments: Moments, t: number, options: TrainerOptions) => Direction;

const rules: Readonly<Record<OptimizerName, Rule>> = {
  /** Loshchilov and Hutter (2019). */
  adamw: (tf, gradient, moments, t, { beta1, beta2, epsilon }) => {
    const first = tf.add(tf.mul(moments.first, beta1), gradient);
    const second = tf.add(tf.mul(moments.second, beta2), tf.square(gradient));
    const mean = tf.mul(first, (1 - beta1) / (1 - beta1 ** t));
    const square = tf.mul(second, (1 - beta2) / (1 - beta2 ** t));
    return { direction: tf.div(mean, tf.add(tf.sqrt(square), epsilon)), first, second };
  },
  /** With Nesterov momentum: Sutskever and others (2013). */
  sgd: (tf, gradient, moments, _t, { beta1 }) => {
    if (beta1 === 0) return { direction: gradient, ...moments };
    const first = tf.add(tf.mul(moments.first, beta1), gradient);
    return { direction: tf.add(gradient, tf.mul(first, beta1)), first, second: moments.second };
  },
  /** Chen and others (2023). */
  lion: (tf, gradient, moments, _t, { beta1, beta2 }) => {
    const blend = (beta: number): Tensor => tf.add(tf.mul(moments.first, beta), tf.mul(gradient, 1 - beta));
    return { direction: tf.sign(blend(beta1)), first: blend(beta2), second: moments.second };
  },
};

/** The step of the optimizer called `name` at update number `t` (from 1). */
export const directionOf = (name: OptimizerName, ...args: Parameters<Rule>): Direction => rules[name](...args);

/** The gradient [K, n], shortened to the norm `limit` per member where it is longer. */
export function shortened(tf: Tf, gradient: Tensor, limit: number | readonly number[] | null): Tensor {
  if (limit === null) return gradient;
  const norm = tf.sqrt(tf.sum(tf.square(gradient), 1, true));
  return tf.mul(
    gradient,
    tf.minimum(
      tf.div(typeof limit === 'number' ? limit : tf.tensor2d([...limit], [limit.length, 1]), tf.add(norm, 1e-12)),
      1,
    ),
  );
}
