import { unary } from './unary.ts';

/** x · tanh(ln(1 + exp(x))), Misra (2019). With n = e²+2e, e = exp(x), the tangent is n / (n + 2); it is 1 in float32 from 20 on. */
export const mish = unary({
  name: 'mish',
  emit: (e, x) => {
    const exp = e.op('Exp', [e.op('Min', [x, e.scalar(20)])]);
    const n = e.mul(exp, e.add(exp, e.scalar(2)));
    const t = e.div(n, e.add(n, e.scalar(2)));
    return { output: e.mul(x, t), saved: [t] };
  },
  // t + x·sigmoid(x)·(1 - t²) = t + sigmoid(x)·(x - y·t)
  derivative: (e, x, y, [t]) => e.add(t!, e.mul(e.op('Sigmoid', [x]), e.sub(x, e.mul(y, t!)))),
});
