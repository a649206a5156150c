import { loss } from './loss.ts';

/** Half the squared error up to `delta`, linear beyond (Huber 1964). With c = clip(error): c·(error - c/2), derivative c. */
export const huber = loss<{ delta: number }>({
  name: 'huber',
  terms: (e, prediction, target, { delta }) => {
    const error = e.sub(prediction.name, target.name);
    const clipped = e.op('Clip', [error, e.scalar(-delta), e.scalar(delta)]);
    return { terms: e.mul(clipped, e.sub(error, e.mul(clipped, e.scalar(0.5)))), saved: [clipped] };
  },
  derivative: (_e, _prediction, _target, [clipped]) => clipped!,
});
