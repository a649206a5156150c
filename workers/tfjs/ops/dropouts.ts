/** Dropout, by the noise that every trainer draws alike. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Build, Call } from './call.ts';

/** `x` where the noise of `shape` is not below the rate, divided by what is kept on average. */
function drop({ tf, inputs: [x], attributes, noise }: Call<{ rate: number }>, shape: readonly number[]): Tensor {
  if (attributes.rate === 0) return x!;
  // In float32, as the comparison elsewhere.
  const rates = noise.rateScale.map((scale) => Math.fround(Math.fround(scale) * Math.fround(attributes.rate)));
  // Values that members share are dropped at the first member's rate.
  const used = shape[0] === rates.length ? rates : rates.slice(0, 1);
  const rate = tf.tensor(
    used,
    shape.map((_, i) => (i === 0 ? used.length : 1)),
  );
  const kept = tf.cast(tf.greaterEqual(noise.uniform(shape), rate), 'float32');
  return tf.mul(x!, tf.div(kept, tf.sub(1, rate)));
}

const dropout: Build<{ rate: number }> = (call) => drop(call, call.shape);

/** One number per member and row. */
const dropPath: Build<{ rate: number }> = (call) =>
  drop(
    call,
    call.shape.map((d, i) => (i < 2 ? d : 1)),
  );

export const dropouts = { dropout, 'drop-path': dropPath } satisfies Record<string, Build>;
