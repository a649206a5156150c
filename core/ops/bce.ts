import { loss } from './loss.ts';

/** Binary cross-entropy of logits, summed over the last axis: max(x, 0) - x·t + log(1 + exp(-|x|)). */
export const bce = loss<{ smoothing: number }>({
  name: 'bce',
  terms: (e, logits, target, { smoothing }) => {
    const x = logits.name;
    const soft =
      smoothing === 0 ? target.name : e.add(e.mul(target.name, e.scalar(1 - smoothing)), e.scalar(smoothing / 2));
    const tail = e.op('Log', [e.add(e.op('Exp', [e.op('Neg', [e.op('Abs', [x])])]), e.scalar(1))]);
    return { terms: e.add(e.sub(e.op('Relu', [x]), e.mul(x, soft)), tail), saved: [soft] };
  },
  derivative: (e, logits, _target, [soft]) => e.sub(e.op('Sigmoid', [logits.name]), soft!),
});
