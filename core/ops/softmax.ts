import { type Operator, outputCost } from './operator.ts';

/** exp(x) / sum(exp(x)) over the last axis. */
export const softmax: Operator<Record<string, never>> = {
  name: 'softmax',
  shape: ([x]) => x!,
  cost: outputCost,
  emit: (e, [x]) => ({ output: e.op('Softmax', [x!.name], { axis: -1 }) }),
  gradient: (e, { output, gradient }) => {
    const weighted = e.mul(output.name, gradient);
    const total = e.reduceSum(weighted, [output.shape.length - 1]);
    return [e.addScaled(weighted, output.name, e.op('Neg', [total]), output.shape)];
  },
};
