import { float } from '../onnx/attributes.ts';
import type { Emitter } from './emitter.ts';
import { type Operator, outputCost } from './operator.ts';

/** (x - mean) / sqrt(variance + epsilon) over the last axis, without scale and shift (compose with mul and add). Ba, Kiros and Hinton (2016). */
export const layerNorm: Operator<{ epsilon: number }> = {
  name: 'layer-norm',
  shape: ([x]) => x!,
  cost: outputCost,
  emit: (e, [x], shape, { epsilon }) => {
    const width = shape.at(-1)!;
    if (e.forms.layerNormalization && e.type === 'float32' && typeof width === 'number') {
      return byKernel(e, x!.name, width, epsilon);
    }
    const last = shape.length - 1;
    const centred = e.sub(x!.name, e.reduceMean(x!.name, [last]));
    const variance = e.reduceMean(e.mul(centred, centred), [last]);
    const deviation = e.op('Sqrt', [e.add(variance, e.scalar(epsilon))]);
    return { output: e.div(centred, deviation), saved: [e.div(e.scalar(1), deviation)] };
  },
  /** With y the result and s the inverse deviation: s · (d - mean(d) - y · mean(d · y)). */
  gradient: (e, { output, saved, gradient }) => {
    const { name: y, shape } = output;
    const last = [shape.length - 1];
    const projection = e.op('Neg', [e.reduceMean(e.mul(gradient, y), last)]);
    const centred = e.sub(gradient, e.reduceMean(gradient, last));
    return [e.mul(e.addScaled(centred, y, projection, shape), saved[0]!)];
  },
};

/** The kernel scales, here by 1; its third output is the inverse deviation. */
function byKernel(e: Emitter, x: string, width: number, epsilon: number): { output: string; saved: string[] } {
  const ones = e.constant(new Float32Array(width).fill(1), [width]);
  const attributes = { axis: -1, epsilon: float(epsilon) };
  const [y, , inverse] = e.ops('LayerNormalization', [x, ones], attributes, { outputs: 3 });
  return { output: y!, saved: [inverse!] };
}
