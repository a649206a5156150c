import { unary } from './unary.ts';

/** Exponential. */
export const exp = unary({
  name: 'exp',
  emit: (e, x) => ({ output: e.op('Exp', [x]) }),
  derivative: (_e, _x, y) => y,
});
