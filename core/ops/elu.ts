import { keepLayout } from './blocked.ts';
import { type Operator, outputCost } from './operator.ts';

/** x for x > 0, alpha · (exp(x) - 1) otherwise. Clevert, Unterthiner and Hochreiter (2016). */
export const elu: Operator<{ alpha: number }> = {
  name: 'elu',
  shape: ([x]) => x!,
  cost: outputCost,
  layouts: keepLayout,
  emit: (e, [x], _shape, { alpha }) => {
    const below = e.op('Exp', [e.op('Min', [x!.name, e.scalar(0)])]);
    const tail = e.mul(e.sub(below, e.scalar(1)), e.scalar(alpha));
    return { output: e.add(e.op('Relu', [x!.name]), tail), saved: [below] };
  },
  // For x <= 0 alpha·exp(x); for x > 0 exp(min(x, 0)) is 1 and the mask corrects the constant.
  gradient: (e, { inputs, saved, gradient, attributes: { alpha } }) => {
    const corrected = e.mul(e.positive(inputs[0]!.name), e.scalar(1 - alpha));
    return [e.mul(gradient, e.add(e.mul(saved[0]!, e.scalar(alpha)), corrected))];
  },
};
