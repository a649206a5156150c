import { type Operator, outputCost } from './operator.ts';

/** x - log(sum(exp(x))) over the last axis. */
export const logSoftmax: Operator<Record<string, never>> = {
  name: 'log-softmax',
  shape: ([x]) => x!,
  cost: outputCost,
  emit: (e, [x]) => ({ output: e.logSoftmax(x!.name) }),
  gradient: (e, { output, gradient }) => {
    const total = e.reduceSum(gradient, [output.shape.length - 1]);
    return [e.sub(gradient, e.mul(e.op('Exp', [output.name]), total))];
  },
};
