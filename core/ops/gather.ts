import { countOf, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';
import { knownRows, reduceRows, rowsBelow } from './scatter.ts';

/**
 * Rows of a table per member: table [K, V, D] and indices [K, ...] or [1, ...] (int64 in 0..V-1) give [K, ..., D].
 * An embedding layer. The gradient adds up rows that were read more than once.
 */
export const gather: Operator<Record<string, never>> = {
  name: 'gather',
  inputTypes: ['float', 'int64'],
  shape: ([table, indices]) => {
    const [members, rows, width] = table!;
    const lead = indices![0];
    if (table!.length !== 3 || typeof rows !== 'number' || (lead !== 1 && lead !== members)) {
      throw new ShapeError(`A table of ${showShape(table!)} cannot be read by indices of ${showShape(indices!)}.`);
    }
    return [members!, ...indices!.slice(1), width!];
  },
  cost: outputCost,
  emit: (e, [table, indices]) => {
    const [members, rows, width] = sizes(table!.shape) as [number, number, number];
    const rowOf = rowsBelow(e, indices!, members, rows);
    const flat = e.reshape(table!.name, [members * rows, width]);
    return { output: e.op('Gather', [flat, rowOf], { axis: 0 }), saved: [rowOf] };
  },
  gradient: (e, { inputs, output, saved, gradient }) => {
    const shape = sizes(inputs[0]!.shape);
    const [members, rows, width] = shape as [number, number, number];
    const reads = countOf(output.shape) / width;
    const updates = e.reshape(gradient, [reads, width]);
    const index = { column: e.reshape(saved[0]!, [reads, 1]), known: knownRows(e, inputs[1]!, members, rows) };
    const sum = reduceRows(e, 'add', index, updates, [members * rows, width]);
    return [e.reshape(sum, shape), null];
  },
};
