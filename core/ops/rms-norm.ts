import { type Operator, outputCost } from './operator.ts';

/** x / sqrt(mean of squares + epsilon) over the last axis, without scale (compose with mul). Zhang and Sennrich (2019). */
export const rmsNorm: Operator<{ epsilon: number }> = {
  name: 'rms-norm',
  shape: ([x]) => x!,
  cost: outputCost,
  emit: (e, [x], shape, { epsilon }) => {
    const square = e.reduceMean(e.mul(x!.name, x!.name), [shape.length - 1]);
    const size = e.op('Sqrt', [e.add(square, e.scalar(epsilon))]);
    return { output: e.div(x!.name, size), saved: [size] };
  },
  gradient: (e, { output, saved, gradient }) => {
    const y = output.name;
    const projected = e.mul(y, e.reduceMean(e.mul(gradient, y), [output.shape.length - 1]));
    return [e.div(e.sub(gradient, projected), saved[0]!)];
  },
};
