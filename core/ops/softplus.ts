import { unary } from './unary.ts';

/** ln(1 + exp(x)), as max(x, 0) + ln(1 + exp(-|x|)), which does not overflow; its kernel computes both branches everywhere. */
export const softplus = unary({
  name: 'softplus',
  emit: (e, x) => {
    if (e.mode === 'inference') return { output: e.op('Softplus', [x]) };
    const decay = e.op('Exp', [e.op('Neg', [e.op('Abs', [x])])]);
    return { output: e.add(e.op('Relu', [x]), e.op('Log', [e.add(decay, e.scalar(1))])) };
  },
  derivative: (e, x) => e.op('Sigmoid', [x]),
});
