import { unary } from './unary.ts';

/** clip(x / 6 + 1/2, 0, 1), as in MobileNetV3 (Howard and others 2019); derivative 1/6 strictly inside, 0 elsewhere. */
export const hardSigmoid = unary({
  name: 'hard-sigmoid',
  emit: (e, x) => {
    const line = e.add(e.mul(x, e.scalar(1 / 6)), e.scalar(0.5));
    return { output: e.op('Clip', [line, e.scalar(0), e.scalar(1)]) };
  },
  derivative: (e, _x, y) => {
    const inside = e.mul(e.positive(y), e.positive(e.sub(e.scalar(1), y)));
    return e.mul(inside, e.scalar(1 / 6));
  },
});
