import { keepLayout } from './blocked.ts';
import { type Operator, outputCost } from './operator.ts';

/** factor · x. */
export const scale: Operator<{ factor: number }> = {
  name: 'scale',
  shape: ([x]) => x!,
  cost: outputCost,
  layouts: keepLayout,
  emit: (e, [x], _shape, { factor }) => ({ output: e.mul(x!.name, e.scalar(factor)) }),
  gradient: (e, { gradient, attributes: { factor } }) => [e.mul(gradient, e.scalar(factor))],
};
