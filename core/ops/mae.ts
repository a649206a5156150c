import { loss } from './loss.ts';

/** Absolute error, summed over the last axis; derivative 0 where there is no error. */
export const mae = loss<Record<string, never>>({
  name: 'mae',
  terms: (e, prediction, target) => {
    const error = e.sub(prediction.name, target.name);
    return { terms: e.op('Abs', [error]), saved: [error] };
  },
  derivative: (e, _prediction, _target, [error]) => e.sub(e.positive(error!), e.positive(e.op('Neg', [error!]))),
});
