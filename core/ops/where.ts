import { broadcast } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

/** `a` where `mask` is not 0, else `b`; the mask itself gets no gradient. NaN in the side not taken stays out. */
export const where: Operator<Record<string, never>> = {
  name: 'where',
  shape: ([mask, a, b]) => broadcast(broadcast(mask!, a!), b!),
  cost: outputCost,
  emit: (e, [mask, a, b]) => {
    const taken = e.op('Cast', [mask!.name], { to: 9 });
    return { output: e.op('Where', [taken, a!.name, b!.name]), saved: [taken] };
  },
  gradient: (e, { inputs, output, saved, gradient, needed }) => {
    const [, a, b] = inputs;
    const zero = e.scalar(0);
    const side = (kept: string, other: string) => e.op('Where', [saved[0]!, kept, other]);
    return [
      null,
      needed[1] ? e.sumTo(side(gradient, zero), output.shape, a!.shape) : null,
      needed[2] ? e.sumTo(side(zero, gradient), output.shape, b!.shape) : null,
    ];
  },
};
