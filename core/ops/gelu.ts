import { emitErf } from './erf.ts';
import { unary } from './unary.ts';

/** x · Φ(x) with the exact normal distribution function, Hendrycks and Gimpel (2016). */
export const gelu = unary({
  name: 'gelu',
  emit: (e, x) => {
    const scaled = emitErf(e, e.mul(x, e.scalar(Math.SQRT1_2)));
    const phi = e.mul(e.add(scaled, e.scalar(1)), e.scalar(0.5));
    return { output: e.mul(x, phi), saved: [phi] };
  },
  // Φ(x) + x·φ(x)
  derivative: (e, x, _y, [phi]) => {
    const density = e.op('Exp', [e.mul(e.mul(x, x), e.scalar(-0.5))]);
    return e.add(phi!, e.mul(e.mul(x, density), e.scalar(1 / Math.sqrt(2 * Math.PI))));
  },
});
