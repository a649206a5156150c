import { float } from '../onnx/attributes.ts';
import { emitErf } from './erf.ts';
import { unary } from './unary.ts';

/** x · Φ(x) with the exact normal distribution function, Hendrycks and Gimpel (2016). */
export const gelu = unary({
  name: 'gelu',
  emit: (e, x) => {
    const scaled = e.mul(x, e.scalar(Math.SQRT1_2));
    const error = emitErf(e, scaled);
    // HardSigmoid of what lies between -1 and 1 is half of it and a half. Stored files keep what runtimes know as GELU.
    const phi =
      e.mode === 'training' && e.type === 'float32'
        ? e.op('HardSigmoid', [error], { alpha: float(0.5), beta: float(0.5) })
        : e.mul(e.add(error, e.scalar(1)), e.scalar(0.5));
    return { output: e.mul(x, phi), saved: [phi, scaled] };
  },
  // Φ(x) + x·φ(x), where with z = x/√2 the second is z·exp(-z²)/√π
  derivative: (e, _x, _y, [phi, scaled], shape) => {
    const square = e.mul(scaled!, scaled!);
    const density = e.forms.infinities
      ? e.div(scaled!, e.op('Exp', [square]))
      : e.mul(scaled!, e.op('Exp', [e.op('Neg', [square])]));
    return e.addScaled(phi!, density, 1 / Math.sqrt(Math.PI), shape);
  },
});
