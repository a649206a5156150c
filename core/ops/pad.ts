import { ShapeError, showShape, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';
import { padLast, sliceLast } from './window.ts';

/** Zeros around the last axes: `pads` are all begins, then all ends. */
export const pad: Operator<{ pads: readonly number[] }> = {
  name: 'pad',
  shape: ([x], { pads }) => {
    const axes = pads.length / 2;
    const whole = pads.every((p) => Number.isInteger(p) && p >= 0);
    const start = x!.length - axes;
    if (!Number.isInteger(axes) || axes < 1 || start < 0 || !whole) {
      throw new ShapeError(`${showShape(x!)} cannot be padded by ${showShape(pads)}.`);
    }
    const grown = sizes(x!.slice(start)).map((s, i) => s + pads[i]! + pads[axes + i]!);
    return [...x!.slice(0, start), ...grown];
  },
  cost: outputCost,
  emit: (e, [x], _output, { pads }) => {
    const padded = padLast(e, x!.name, x!.shape.length, pads);
    return { output: padded === x!.name ? e.op('Identity', [padded]) : padded };
  },
  gradient: (e, { inputs, gradient, attributes: { pads } }) => {
    const axes = pads.length / 2;
    const kept = sizes(inputs[0]!.shape.slice(-axes));
    const ones = kept.map(() => 1);
    return [sliceLast(e, gradient, inputs[0]!.shape.length, pads.slice(0, axes), kept, ones)];
  },
};
