import { type Operator, outputCost } from './operator.ts';

/** (x - mean) / sqrt(variance + epsilon) over the last axis, without scale and shift (compose with mul and add). Ba, Kiros and Hinton (2016). */
export const layerNorm: Operator<{ epsilon: number }> = {
  name: 'layer-norm',
  shape: ([x]) => x!,
  cost: outputCost,
  emit: (e, [x], shape, { epsilon }) => {
    const last = shape.length - 1;
    const centred = e.sub(x!.name, e.reduceMean(x!.name, [last]));
    const variance = e.reduceMean(e.mul(centred, centred), [last]);
    const deviation = e.op('Sqrt', [e.add(variance, e.scalar(epsilon))]);
    return { output: e.div(centred, deviation), saved: [deviation] };
  },
  gradient: (e, { output, saved, gradient }) => {
    const last = [output.shape.length - 1];
    const y = output.name;
    const projected = e.mul(y, e.reduceMean(e.mul(gradient, y), last));
    const centred = e.sub(gradient, e.reduceMean(gradient, last));
    return [e.div(e.sub(centred, projected), saved[0]!)];
  },
};
