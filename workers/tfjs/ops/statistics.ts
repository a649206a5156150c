/** Reductions, softmax and normalisation. */
import type { Build } from './call.ts';

const reduceSum: Build<{ axes: readonly number[] }> = ({ tf, inputs: [x], attributes: { axes } }) =>
  tf.sum(x!, [...axes], true);

const reduceMean: Build<{ axes: readonly number[] }> = ({ tf, inputs: [x], attributes: { axes } }) =>
  tf.mean(x!, [...axes], true);

const reduceMax: Build<{ axes: readonly number[] }> = ({ tf, inputs: [x], attributes: { axes } }) =>
  tf.max(x!, [...axes], true);

const softmax: Build = ({ tf, inputs: [x] }) => tf.softmax(x!);

const logSoftmax: Build = ({ tf, inputs: [x] }) => tf.logSoftmax(x!);

const layerNorm: Build<{ epsilon: number }> = ({ tf, inputs: [x], attributes: { epsilon } }) => {
  const { mean, variance } = tf.moments(x!, -1, true);
  return tf.div(tf.sub(x!, mean), tf.sqrt(tf.add(variance, epsilon)));
};

const rmsNorm: Build<{ epsilon: number }> = ({ tf, inputs: [x], attributes: { epsilon } }) =>
  tf.div(x!, tf.sqrt(tf.add(tf.mean(tf.square(x!), -1, true), epsilon)));

/** With the statistics of the batch, as training has it. */
const batchNorm: Build<{ axes: readonly number[]; epsilon: number }> = ({ tf, inputs, attributes }) => {
  const [x, , , scale, shift] = inputs;
  const { mean, variance } = tf.moments(x!, [...attributes.axes], true);
  const normal = tf.div(tf.sub(x!, mean), tf.sqrt(tf.add(variance, attributes.epsilon)));
  return scale && shift ? tf.add(tf.mul(normal, scale), shift) : normal;
};

const globalAveragePool: Build<{ axes: number }> = ({ tf, inputs: [x], attributes: { axes } }) =>
  tf.mean(
    x!,
    Array.from({ length: axes }, (_, i) => x!.rank - axes + i),
  );

export const statistics = {
  'reduce-sum': reduceSum,
  'reduce-mean': reduceMean,
  'reduce-max': reduceMax,
  softmax,
  'log-softmax': logSoftmax,
  'layer-norm': layerNorm,
  'rms-norm': rmsNorm,
  'batch-norm': batchNorm,
  'global-average-pool': globalAveragePool,
} satisfies Record<string, Build>;
