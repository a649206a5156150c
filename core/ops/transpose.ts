import { ShapeError, showShape } from '../ir/shape.ts';
import { type Operator, outputCost } from './operator.ts';

/** Axis i of the output is axis perm[i] of the input. Only moves of a single axis have a fast kernel. */
export const transpose: Operator<{ perm: readonly number[] }> = {
  name: 'transpose',
  shape: ([x], { perm }) => {
    if (perm.length !== x!.length || [...perm].sort((a, b) => a - b).some((p, i) => p !== i)) {
      throw new ShapeError(`[${perm.join(', ')}] is no permutation of the axes of ${showShape(x!)}.`);
    }
    return perm.map((p) => x![p]!);
  },
  cost: outputCost,
  emit: (e, [x], _shape, { perm }) => ({ output: e.op('Transpose', [x!.name], { perm }) }),
  gradient: (e, { gradient, attributes: { perm } }) => {
    const inverse = perm.map((_, i) => perm.indexOf(i));
    return [e.op('Transpose', [gradient], { perm: inverse })];
  },
};
