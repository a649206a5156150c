/** Gradients of a bound network by TensorFlow.js, in the form in which `gradient-check.ts` has those of our own graphs. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Network, Value } from '#core/ir/network.ts';
import { countOf, sizes } from '#core/ir/shape.ts';
import { Random } from '#core/math/random.ts';
import { differentiable, type Feeds, NOISE_SEED, valuesOf } from '#core/ops/testing/gradient-check.ts';
import { interpret } from '../interpret.ts';
import type { Tf } from '../ops/call.ts';

/** `total`, the sum of `loss`, and `d_<name>` for everything differentiable. */
export function tfGradientsOf(tf: Tf, network: Network, loss: Value, feeds: Feeds): Record<string, number[]> {
  const targets = differentiable(network);
  return tf.tidy(() => {
    const fixed = new Map(
      valuesOf(network).map(({ name, value }): [number, Tensor] => [
        value.id,
        tf.tensor([...feeds[name]!], sizes(value.shape), value.type === 'int64' ? 'int32' : 'float32'),
      ]),
    );
    const random = new Random(NOISE_SEED);
    const uniform = (shape: readonly number[]): Tensor =>
      tf.tensor(
        Array.from({ length: countOf(shape) }, () => random.uniform()),
        [...shape],
      );
    const total = (...free: Tensor[]): Tensor => {
      const given = new Map(fixed);
      targets.forEach(({ value }, i) => {
        given.set(value.id, free[i]!);
      });
      return tf.sum(interpret(tf, network, given, [loss], { uniform, rateScale: [1] })[0]!);
    };
    const free = targets.map(({ value }) => fixed.get(value.id)!);
    const result: Record<string, number[]> = {};
    if (free.length === 0) return { total: Array.from(total().dataSync()) };
    const { value, grads } = tf.valueAndGrads(total)(free);
    result.total = Array.from(value.dataSync());
    targets.forEach(({ name }, i) => {
      result[`d_${name}`] = Array.from(grads[i]!.dataSync());
    });
    return result;
  });
}
