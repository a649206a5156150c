import { unary } from './unary.ts';

/** Natural logarithm. */
export const log = unary({
  name: 'log',
  emit: (e, x) => ({ output: e.op('Log', [x]) }),
  derivative: (e, x) => e.div(e.scalar(1), x),
});
