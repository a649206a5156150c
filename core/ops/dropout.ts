import { sizes } from '../ir/shape.ts';
import { keepLayout } from './blocked.ts';
import { dropRate } from './drop-rate.ts';
import { freeCost, type Operator, rowByRow } from './operator.ts';

/**
 * Zeroes each element with probability `rate` (times the step's rate scale) in training and divides the rest by what
 * is kept on average; the identity in inference. The mask is made of the noise that the training program hands in, so
 * a step is a function of its inputs and can be repeated anywhere. Srivastava and others (2014).
 */
export const dropout: Operator<{ rate: number }> = {
  name: 'dropout',
  shape: ([x]) => x!,
  cost: freeCost,
  layouts: keepLayout,
  emit: (e, [x], shape, { rate }) => {
    if (e.mode === 'inference' || rate === 0) return { output: x!.name };
    if (!e.noise) throw new TypeError('Training with dropout needs a source of noise.');
    const scaled = dropRate(e, shape, rate);
    const uniform = e.noise.uniform(sizes(shape));
    // The same mask in either layout.
    const noise = x!.layout === 'blocked' ? e.blocks!.toBlocked(uniform, shape) : uniform;
    const kept = e.cast(e.op('GreaterOrEqual', [noise, scaled]));
    const mask = e.mul(kept, e.div(e.scalar(1), e.sub(e.scalar(1), scaled)));
    return { output: e.mul(x!.name, mask), saved: [mask] };
  },
  gradient: (e, { gradient, saved }) => [saved[0] === undefined ? gradient : e.mul(gradient, saved[0])],
  live: rowByRow,
};
