import { unary } from './unary.ts';

/** Sine of radians. */
export const sin = unary({
  name: 'sin',
  emit: (e, x) => ({ output: e.op('Sin', [x]) }),
  derivative: (e, x) => e.op('Cos', [x]),
});
