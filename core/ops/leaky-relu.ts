import { float } from '../onnx/attributes.ts';
import { keepLayout } from './blocked.ts';
import { type Operator, outputCost } from './operator.ts';

/** x for x > 0, slope · x otherwise. Maas, Hannun and Ng (2013). */
export const leakyRelu: Operator<{ slope: number }> = {
  name: 'leaky-relu',
  shape: ([x]) => x!,
  cost: outputCost,
  layouts: keepLayout,
  emit: (e, [x], _shape, { slope }) => {
    if (e.type === 'float32') return { output: e.op('LeakyRelu', [x!.name], { alpha: float(slope) }) };
    const below = e.op('Min', [x!.name, e.scalar(0)]);
    return { output: e.add(e.op('Relu', [x!.name]), e.mul(below, e.scalar(slope))) };
  },
  gradient: (e, { inputs, gradient, attributes: { slope } }) => {
    const steep = e.mul(e.positive(inputs[0]!.name), e.scalar(1 - slope));
    return [e.mul(gradient, e.add(steep, e.scalar(slope)))];
  },
};
