/** Matrix products. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { type Build, product, spread, type Tf } from './call.ts';

/**
 * a·b over the last two axes with broadcast leading axes. The library's own product broadcasts forwards only: its gradient
 * has the wrong shape.
 */
export function multiply(tf: Tf, a: Tensor, b: Tensor): Tensor {
  const [leadA, leadB] = [a, b].map((x) => x.shape.slice(0, -2)) as [number[], number[]];
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(-1)!;
  if (product(leadB) === 1 && leadB.length <= leadA.length) {
    const flat = tf.matMul(tf.reshape(a, [product(leadA) * rows, inner]), tf.reshape(b, [inner, columns]));
    return tf.reshape(flat, [...leadA, rows, columns]);
  }
  const lead = tf.broadcast_util.assertAndGetBroadcastShape(leadA, leadB);
  return tf.matMul(spread(tf, a, [...lead, rows, inner]), spread(tf, b, [...lead, inner, columns]));
}

const matmul: Build = ({ tf, inputs: [a, b] }) => multiply(tf, a!, b!);

const gemm: Build = ({ tf, inputs: [x, w, b] }) => tf.add(multiply(tf, x!, w!), b!);

export const products = { matmul, gemm } satisfies Record<string, Build>;
