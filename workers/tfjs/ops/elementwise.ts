/** Operators that map every element by itself, and arithmetic on broadcast operands. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { type Build, spread, stop, type Tf } from './call.ts';

const unary =
  (of: (tf: Tf, x: Tensor) => Tensor): Build =>
  ({ tf, inputs: [x] }) =>
    of(tf, x!);
const binary =
  (of: (tf: Tf, a: Tensor, b: Tensor) => Tensor): Build =>
  ({ tf, inputs: [a, b] }) =>
    of(tf, a!, b!);

/** Spread first: the library's gradient does not undo broadcasting. Equal operands do not share it here, the first takes all. */
const extreme =
  (of: 'maximum' | 'minimum'): Build =>
  ({ tf, inputs: [a, b], shape }) =>
    tf[of](spread(tf, a!, shape), spread(tf, b!, shape));

const gelu = (tf: Tf, x: Tensor): Tensor => tf.mul(x, tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5));

const elu: Build<{ alpha: number }> = ({ tf, inputs: [x], attributes: { alpha } }) =>
  tf.add(tf.relu(x!), tf.mul(tf.sub(tf.exp(tf.minimum(x!, 0)), 1), alpha));

const leakyRelu: Build<{ slope: number }> = ({ tf, inputs: [x], attributes: { slope } }) => tf.leakyRelu(x!, slope);

const clip: Build<{ low: number; high: number }> = ({ tf, inputs: [x], attributes: { low, high } }) =>
  tf.clipByValue(x!, low, high);

const scale: Build<{ factor: number }> = ({ tf, inputs: [x], attributes: { factor } }) => tf.mul(x!, factor);

const where: Build = ({ tf, inputs: [mask, a, b], shape }) => {
  const taken = tf.cast(spread(tf, stop(tf, mask!), shape), 'bool');
  return tf.where(taken, spread(tf, a!, shape), spread(tf, b!, shape));
};

export const elementwise = {
  add: binary((tf, a, b) => tf.add(a, b)),
  sub: binary((tf, a, b) => tf.sub(a, b)),
  mul: binary((tf, a, b) => tf.mul(a, b)),
  div: binary((tf, a, b) => tf.div(a, b)),
  maximum: extreme('maximum'),
  minimum: extreme('minimum'),
  relu: unary((tf, x) => tf.relu(x)),
  sigmoid: unary((tf, x) => tf.sigmoid(x)),
  tanh: unary((tf, x) => tf.tanh(x)),
  silu: unary((tf, x) => tf.mul(x, tf.sigmoid(x))),
  gelu: unary(gelu),
  selu: unary((tf, x) => tf.selu(x)),
  mish: unary((tf, x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  softplus: unary((tf, x) => tf.softplus(x)),
  'hard-sigmoid': unary((tf, x) => tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1)),
  exp: unary((tf, x) => tf.exp(x)),
  log: unary((tf, x) => tf.log(x)),
  sqrt: unary((tf, x) => tf.sqrt(x)),
  abs: unary((tf, x) => tf.abs(x)),
  cos: unary((tf, x) => tf.cos(x)),
  sin: unary((tf, x) => tf.sin(x)),
  erf: unary((tf, x) => tf.erf(x)),
  elu,
  'leaky-relu': leakyRelu,
  clip,
  scale,
  where,
} satisfies Record<string, Build>;
