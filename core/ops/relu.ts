import { unary } from './unary.ts';

/** max(x, 0); derivative 0 at 0. */
export const relu = unary({
  name: 'relu',
  emit: (e, x) => ({ output: e.op('Relu', [x]) }),
  derivative: (e, _x, y) => e.positive(y),
});
