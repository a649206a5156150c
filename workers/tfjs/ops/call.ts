/** How an operator of the network description is built in TensorFlow.js. One family of operators a file; table.ts lists them. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Attributes } from '#core/ops/operator.ts';

/** The library as loaded: plain JavaScript, or with native kernels. */
export type Tf = typeof import('@tensorflow/tfjs-core');

export interface Call<A extends Attributes = Attributes> {
  readonly tf: Tf;
  /** float32, or int32 where the operator reads int64. */
  readonly inputs: readonly Tensor[];
  /** Output shape at bound sizes. */
  readonly shape: readonly number[];
  readonly attributes: A;
  readonly noise: Noise;
}

/** What the dropouts of a step read, one after the other in the order of the network. */
export interface Noise {
  /** Uniform numbers in [0, 1). */
  uniform(shape: readonly number[]): Tensor;
  /** Multiplies the rates of dropout at this step, for each member. */
  readonly rateScale: readonly number[];
}

/** Builds the training form of an operator: differentiable by TensorFlow.js where the operator has a gradient. */
export type Build<A extends Attributes = Attributes> = { build(call: Call<A>): Tensor }['build'];

/** `x` repeated up to `shape`. Not `broadcastTo`, whose gradient exists up to rank 4 only. */
export const spread = (tf: Tf, x: Tensor, shape: readonly number[]): Tensor => tf.add(x, tf.zeros([...shape]));

/** `x` without its gradient. */
export const stop = (tf: Tf, x: Tensor): Tensor =>
  tf.customGrad((v) => ({ value: tf.clone(v as Tensor), gradFunc: (dy) => tf.zerosLike(dy) }))(x);

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
