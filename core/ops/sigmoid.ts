import { unary } from './unary.ts';

/** 1 / (1 + exp(-x)). */
export const sigmoid = unary({
  name: 'sigmoid',
  emit: (e, x) => ({ output: e.op('Sigmoid', [x]) }),
  derivative: (e, _x, y) => e.sub(y, e.mul(y, y)),
});
