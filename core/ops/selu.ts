import { unary } from './unary.ts';

/** Constants of Klambauer, Unterthiner, Mayr and Hochreiter (2017). */
const ALPHA = 1.6732632423543772;
const SCALE = 1.0507009873554805;

/** scale · (x for x > 0, alpha·(exp(x) - 1) otherwise). */
export const selu = unary({
  name: 'selu',
  emit: (e, x) => {
    const below = e.op('Exp', [e.op('Min', [x, e.scalar(0)])]);
    const tail = e.sub(e.mul(below, e.scalar(SCALE * ALPHA)), e.scalar(SCALE * ALPHA));
    return { output: e.add(e.mul(e.op('Relu', [x]), e.scalar(SCALE)), tail), saved: [below] };
  },
  // For x <= 0: scale·alpha·exp(x); for x > 0 exp(min(x, 0)) is 1 and the mask corrects the constant.
  derivative: (e, x, _y, [below]) =>
    e.add(e.mul(below!, e.scalar(SCALE * ALPHA)), e.mul(e.positive(x), e.scalar(SCALE * (1 - ALPHA)))),
});
