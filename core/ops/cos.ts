import { unary } from './unary.ts';

/** Cosine of radians. */
export const cos = unary({
  name: 'cos',
  emit: (e, x) => ({ output: e.op('Cos', [x]) }),
  derivative: (e, x) => e.op('Neg', [e.op('Sin', [x])]),
});
