import { keepLayout } from './blocked.ts';
import { type Operator, outputCost } from './operator.ts';

/** min(max(x, low), high); derivative 1 strictly inside, 0 elsewhere. */
export const clip: Operator<{ low: number; high: number }> = {
  name: 'clip',
  shape: ([x]) => x!,
  cost: outputCost,
  layouts: keepLayout,
  emit: (e, [x], _shape, { low, high }) => ({ output: e.op('Clip', [x!.name, e.scalar(low), e.scalar(high)]) }),
  gradient: (e, { inputs, gradient, attributes: { low, high } }) => {
    const x = inputs[0]!.name;
    const inside = e.mul(e.positive(e.sub(x, e.scalar(low))), e.positive(e.sub(e.scalar(high), x)));
    return [e.mul(gradient, inside)];
  },
};
