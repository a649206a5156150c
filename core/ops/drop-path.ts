import { type Shape, sizes } from '../ir/shape.ts';
import { keepLayout } from './blocked.ts';
import { dropRate } from './drop-rate.ts';
import { freeCost, type Operator } from './operator.ts';

/** One number per member and row. */
const perRow = (shape: Shape): number[] => sizes(shape).map((d, i) => (i < 2 ? d : 1));

/**
 * Zeroes whole rows of x [K, N, ...] with probability `rate` (times the step's rate scale) in training and divides the
 * rest by what is kept on average; the identity in inference. For the branch of a residual block: Huang and others (2016).
 */
export const dropPath: Operator<{ rate: number }> = {
  name: 'drop-path',
  shape: ([x]) => x!,
  cost: freeCost,
  layouts: keepLayout,
  emit: (e, [x], shape, { rate }) => {
    if (e.mode === 'inference' || rate === 0) return { output: x!.name };
    if (!e.noise) throw new TypeError('Training with dropped paths needs a source of noise.');
    const scaled = dropRate(e, shape, rate);
    const kept = e.cast(e.op('GreaterOrEqual', [e.noise.uniform(perRow(shape)), scaled]));
    const mask = e.mul(kept, e.div(e.scalar(1), e.sub(e.scalar(1), scaled)));
    return { output: e.mul(x!.name, mask), saved: [mask] };
  },
  gradient: (e, { gradient, saved }) => [saved[0] === undefined ? gradient : e.mul(gradient, saved[0])],
};
