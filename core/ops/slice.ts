import { axisOf, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { hasBlocks, keepLayout } from './blocked.ts';
import { type Operator, outputCost } from './operator.ts';

/** Elements `start` to `end` (exclusive) along one axis of known size. */
export const slice: Operator<{ axis: number; start: number; end: number }> = {
  name: 'slice',
  shape: ([x], { axis, start, end }) => {
    const at = axisOf(x!, axis);
    const size = x![at];
    if (typeof size !== 'number' || start < 0 || end <= start || end > size) {
      throw new ShapeError(`${showShape(x!)} has no part ${start} to ${end} on axis ${axis}.`);
    }
    return x!.map((d, i) => (i === at ? end - start : d));
  },
  cost: outputCost,
  layouts: (block, inputs, output, { axis, start }) => {
    const at = axisOf(output, axis);
    const whole = at < 2 || (at === 2 && start % block === 0 && hasBlocks(block, output));
    return whole ? keepLayout(block, inputs) : null;
  },
  emit: (e, [x], _shape, { axis, start, end }) => {
    const bounds = [[start], [end], [axisOf(x!.shape, axis)]].map((v) => e.graph.int64(v));
    return { output: e.op('Slice', [x!.name, ...bounds]) };
  },
  gradient: (e, { inputs, gradient, attributes: { axis, start, end } }) => {
    const shape = sizes(inputs[0]!.shape);
    const at = axisOf(shape, axis);
    const pads = new Array<number>(shape.length * 2).fill(0);
    pads[at] = start;
    pads[shape.length + at] = shape[at]! - end;
    return [e.op('Pad', [gradient, e.graph.int64(pads)])];
  },
};
