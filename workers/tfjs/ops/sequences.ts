/** Recurrent layers, step by step, and rotary positions. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { RecurrentAttributes } from '#core/ops/recurrent.ts';
import { type Build, type Call, spread, type Tf } from './call.ts';
import { multiply } from './products.ts';

/** x·w + b for all steps, as steps [K, N, W]. */
function preActivations(tf: Tf, x: Tensor, w: Tensor, b: Tensor): Tensor[] {
  const [, steps, rows, inputs] = x.shape as [number, number, number, number];
  const [members, , wide] = w.shape as [number, number, number];
  const flat = tf.reshape(spread(tf, x, [members, steps, rows, inputs]), [members, steps * rows, inputs]);
  const all = tf.reshape(tf.add(multiply(tf, flat, w), b), [members, steps, rows, wide]);
  // The library's gradient of taking a tensor apart fails where there is one part.
  return steps === 1 ? [tf.squeeze(all, [1])] : tf.unstack(all, 1);
}

/** Shape of a state, [K, N, H]. */
const stateShape = (x: Tensor, r: Tensor): [number, number, number] => [r.shape[0]!, x.shape[2]!, r.shape[1]!];

const lstm: Build<RecurrentAttributes> = ({ tf, inputs, attributes }) => {
  const [x, w, r, b] = inputs as [Tensor, Tensor, Tensor, Tensor];
  let [h, c]: Tensor[] = [tf.zeros(stateShape(x, r)), tf.zeros(stateShape(x, r))];
  const states: Tensor[] = [];
  for (const pre of preActivations(tf, x, w, b)) {
    const [input, output, forget, candidate] = tf.split(tf.add(pre, multiply(tf, h!, r)), 4, 2) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    c = tf.add(tf.mul(tf.sigmoid(forget), c!), tf.mul(tf.sigmoid(input), tf.tanh(candidate)));
    h = tf.mul(tf.sigmoid(output), tf.tanh(c));
    states.push(h);
  }
  return attributes.last ? states.at(-1)! : tf.stack(states, 1);
};

const gru: Build<RecurrentAttributes> = ({ tf, inputs, attributes }) => {
  const [x, w, r, b, own] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
  let h: Tensor = tf.zeros(stateShape(x, r));
  const states: Tensor[] = [];
  for (const pre of preActivations(tf, x, w, b)) {
    const [zx, rx, nx] = tf.split(pre, 3, 2) as [Tensor, Tensor, Tensor];
    const [zh, rh, nh] = tf.split(multiply(tf, h, r), 3, 2) as [Tensor, Tensor, Tensor];
    const update = tf.sigmoid(tf.add(zx, zh));
    const fresh = tf.tanh(tf.add(nx, tf.mul(tf.sigmoid(tf.add(rx, rh)), tf.add(nh, own))));
    h = tf.add(tf.mul(tf.sub(1, update), fresh), tf.mul(update, h));
    states.push(h);
  }
  return attributes.last ? states.at(-1)! : tf.stack(states, 1);
};

const rotary: Build<{ base: number }> = ({ tf, inputs: [x], attributes: { base } }: Call<{ base: number }>) => {
  const [positions, width] = x!.shape.slice(-2) as [number, number];
  const half = width / 2;
  const angles = Array.from({ length: positions }, (_, t) =>
    Array.from({ length: half }, (_, i) => t * base ** (-i / half)),
  );
  const table = (of: (angle: number) => number) => tf.tensor2d(angles.map((row) => row.map(of)));
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const [a, b] = tf.split(x!, 2, x!.rank - 1) as [Tensor, Tensor];
  const turned = [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))];
  return tf.concat(turned, x!.rank - 1);
};

export const sequences = { lstm, gru, rotary } satisfies Record<string, Build>;
