import { loss } from './loss.ts';

/** Squared error, summed over the last axis. */
export const mse = loss<Record<string, never>>({
  name: 'mse',
  terms: (e, prediction, target) => {
    const error = e.sub(prediction.name, target.name);
    return { terms: e.mul(error, error), saved: [error] };
  },
  derivative: (e, _prediction, _target, [error]) => e.mul(error!, e.scalar(2)),
});
