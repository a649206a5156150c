import { countOf, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { freeCost, type Operator } from './operator.ts';

/** Numbers that belong to the network and are not trained, such as a mask; one number fills the whole shape. */
export const constant: Operator<{ shape: readonly number[]; values: readonly number[] }> = {
  name: 'constant',
  shape: (_inputs, { shape, values }) => {
    if (values.length !== countOf(shape) && values.length !== 1) {
      throw new ShapeError(`${values.length} numbers do not fill ${showShape(shape)}.`);
    }
    return shape;
  },
  cost: freeCost,
  emit: (e, _inputs, output, { values }) => {
    const full = values.length === 1 ? new Array<number>(countOf(output)).fill(values[0]!) : values;
    return { output: e.constant(full, sizes(output)) };
  },
  gradient: () => [],
};
