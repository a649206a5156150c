import { axisOf, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { hasBlocks } from './blocked.ts';
import { type Operator, outputCost } from './operator.ts';

/** Joins any number of tensors along `axis`; all other sizes must agree. */
export const concat: Operator<{ axis: number }> = {
  name: 'concat',
  shape: (inputs, { axis }) => {
    const first = inputs[0]!;
    const at = axisOf(first, axis);
    let total = 0;
    for (const shape of inputs) {
      const size = shape[at];
      const fits = shape.length === first.length && shape.every((d, i) => i === at || d === first[i]);
      if (!fits || typeof size !== 'number')
        throw new ShapeError(`${inputs.map(showShape).join(' and ')} do not join on axis ${axis}.`);
      total += size;
    }
    return first.map((d, i) => (i === at ? total : d)) as Shape;
  },
  cost: outputCost,
  layouts: (block, inputs, output, { axis }) => {
    const whole = axisOf(output, axis) <= 2 && inputs.every(({ shape }) => hasBlocks(block, shape));
    if (!whole || inputs.every(({ layout }) => layout === 'plain')) return null;
    return { inputs: inputs.map(() => 'blocked'), output: 'blocked' };
  },
  emit: (e, inputs, shape, { axis }) => {
    if (inputs.length === 1) return { output: e.op('Identity', [inputs[0]!.name]) };
    return {
      output: e.op(
        'Concat',
        inputs.map((x) => x.name),
        { axis: axisOf(shape, axis) },
      ),
    };
  },
  gradient: (e, { inputs, output, gradient, needed, attributes }) => {
    const axis = axisOf(output.shape, attributes.axis);
    if (inputs.length === 1) return [gradient];
    const lengths = inputs.map((x) => sizes(x.shape)[axis]!);
    let start = 0;
    return lengths.map((length, i) => {
      const begin = start;
      start += length;
      if (!needed[i]) return null;
      const bounds = [[begin], [begin + length], [axis]].map((v) => e.graph.int64(v));
      return e.op('Slice', [gradient, ...bounds]);
    });
  },
};
