import { countOf } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';
import { asPlanes, isTiling, lastSizes, type PoolAttributes, poolShape, poolWindow, repeat } from './pool.ts';
import { onnxWindow } from './window.ts';

/**
 * Largest element of every window over the last 1 to 3 axes. Where windows tile the input, the gradient is a mask that
 * shares among tied maxima; else it goes to the first maximum, through indices, whose kernel is slow.
 */
export const maxPool: Operator<PoolAttributes> = {
  name: 'max-pool',
  shape: ([x], attributes) => poolShape(x!, attributes),
  cost: outputCost,
  emit: (e, [x], output, attributes) => {
    const window = poolWindow(attributes);
    const planes = asPlanes(e, x!.name, x!.shape, window.kernel.length);
    const options = onnxWindow(window);
    if (e.mode === 'inference' || (isTiling(window) && e.type === 'float32')) {
      const y = e.op('MaxPool', [planes.name], options);
      return { output: e.reshape(y, output), saved: [planes.name, y] };
    }
    const [y, indices] = e.ops('MaxPool', [planes.name], options, { outputs: 2 }) as [string, string];
    return { output: e.reshape(y, output), saved: [planes.name, y, indices] };
  },
  gradient: (e, { inputs, output, saved, gradient, attributes }) => {
    const window = poolWindow(attributes);
    const { shape } = inputs[0]!;
    const [planes, y, indices] = saved as [string, string, string | undefined];
    if (indices !== undefined) {
      const [from, to] = [countOf(shape), countOf(output.shape)];
      const zeros = e.constant(new Float32Array(from), [from]);
      const flat = [e.reshape(indices, [to]), e.reshape(gradient, [to])];
      const sum = e.op('ScatterElements', [zeros, ...flat], { axis: 0, reduction: 'add' });
      return [e.reshape(sum, shape)];
    }
    const axes = window.kernel.length;
    const [size, places] = [lastSizes(shape, axes), lastSizes(output.shape, axes)];
    const largest = e.cast(e.op('Equal', [planes, repeat(e, y, window, size, places)]));
    const tied = e.mul(
      e.op('AveragePool', [largest], onnxWindow(window)),
      e.scalar(window.kernel.reduce((a, b) => a * b)),
    );
    const share = e.div(asPlanes(e, gradient, output.shape, axes).name, tied);
    return [e.reshape(e.mul(repeat(e, share, window, size, places), largest), shape)];
  },
};
