import { unary } from './unary.ts';

/** |x|; derivative 0 at 0. */
export const abs = unary({
  name: 'abs',
  emit: (e, x) => ({ output: e.op('Abs', [x]) }),
  derivative: (e, x) => e.sub(e.positive(x), e.positive(e.op('Neg', [x]))),
});
