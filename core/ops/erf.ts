import type { Emitter } from './emitter.ts';
import { unary } from './unary.ts';

/** Terms of the series; exact to rounding for |x| <= 6. */
const TERMS = 110;

/**
 * The error function. onnxruntime has no kernel for doubles, so float64 graphs (gradient checks) get the series
 * 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!! (Abramowitz and Stegun 7.1.6), all of whose terms have one sign.
 */
export function emitErf(e: Emitter, x: string): string {
  if (e.type === 'float32') return e.op('Erf', [x]);
  const inside = e.op('Clip', [x, e.scalar(-6), e.scalar(6)]);
  const square = e.mul(inside, inside);
  let sum = e.scalar(1);
  for (let n = TERMS; n >= 1; n--) {
    sum = e.add(e.mul(e.mul(square, e.scalar(2 / (2 * n + 1))), sum), e.scalar(1));
  }
  const decay = e.op('Exp', [e.op('Neg', [square])]);
  return e.mul(e.mul(e.mul(inside, decay), sum), e.scalar(2 / Math.sqrt(Math.PI)));
}

/** The error function, 2/√π times the integral of exp(-t²) from 0 to x. */
export const erf = unary({
  name: 'erf',
  emit: (e, x) => ({ output: emitErf(e, x) }),
  derivative: (e, x) => e.mul(e.op('Exp', [e.op('Neg', [e.mul(x, x)])]), e.scalar(2 / Math.sqrt(Math.PI))),
});
