import { unary } from './unary.ts';

/** Hyperbolic tangent. */
export const tanh = unary({
  name: 'tanh',
  emit: (e, x) => ({ output: e.op('Tanh', [x]) }),
  derivative: (e, _x, y) => e.sub(e.scalar(1), e.mul(y, y)),
});
