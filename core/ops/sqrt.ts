import { unary } from './unary.ts';

/** Square root; the derivative at 0 is infinite. */
export const sqrt = unary({
  name: 'sqrt',
  emit: (e, x) => ({ output: e.op('Sqrt', [x]) }),
  derivative: (e, _x, y) => e.div(e.scalar(0.5), y),
});
