import { loss } from './loss.ts';

/**
 * -sum(target · log softmax(logits)) per row. Targets are class probabilities (one-hot or soft); `smoothing` moves
 * that share of each target evenly to all classes.
 */
export const crossEntropy = loss<{ smoothing: number }>({
  name: 'cross-entropy',
  terms: (e, logits, target, { smoothing }) => {
    const classes = logits.shape[2] as number;
    const soft =
      smoothing === 0 ? target.name : e.add(e.mul(target.name, e.scalar(1 - smoothing)), e.scalar(smoothing / classes));
    const logs = e.logSoftmax(logits.name);
    const sums = e.reduceSum(e.mul(soft, logs), [2]);
    return { terms: e.op('Neg', [sums]), saved: [logs, soft] };
  },
  // softmax - target: the targets of a row sum to 1
  derivative: (e, _logits, _target, [logs, soft]) => e.sub(e.op('Exp', [logs!]), soft!),
});
