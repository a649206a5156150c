import { countOf, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

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
    let rowOf = indices!.name;
    if (members > 1) {
      // Every member's table lies below the one before it.
      const starts = Int32Array.from({ length: members }, (_, k) => k * rows);
      const dims = [members, ...indices!.shape.slice(1).map(() => 1)];
      rowOf = e.add(rowOf, e.graph.int64(starts, dims));
    }
    const flat = e.reshape(table!.name, [members * rows, width]);
    return { output: e.op('Gather', [flat, rowOf], { axis: 0 }), saved: [rowOf] };
  },
  gradient: (e, { inputs, output, saved, gradient }) => {
    const shape = sizes(inputs[0]!.shape);
    const [members, rows, width] = shape as [number, number, number];
    const reads = countOf(output.shape) / width;
    const zeros = e.constant(new Float32Array(members * rows * width), [members * rows, width]);
    const updates = e.reshape(gradient, [reads, width]);
    const index = e.reshape(saved[0]!, [reads, 1]);
    // ScatterND adds rows without locks: exact and fast on one thread, wrong with repeated indices on more.
    const sum =
      e.threads === 1
        ? e.op('ScatterND', [zeros, index, updates], { reduction: 'add' })
        : e.op('ScatterElements', [zeros, e.op('Expand', [index, e.graph.int64([reads, width])]), updates], {
            axis: 0,
            reduction: 'add',
          });
    return [e.reshape(sum, shape), null];
  },
};
