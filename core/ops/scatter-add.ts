import { type Emitted, type Operator, outputCost } from './operator.ts';
import { asRows, checkSegments, readSegments, segmentsOf, sumSegments } from './scatter.ts';

/** Sum of the values [K, E, D] of each of `rows` segments, [K, rows, D]; empty segments get 0. Messages on edge lists. */
export const scatterAdd: Operator<{ rows: number }> = {
  name: 'scatter-add',
  inputTypes: ['float', 'int64'],
  shape: ([values, indices], { rows }) => {
    checkSegments(values!, indices!, rows);
    return [values![0]!, rows, values![2]!];
  },
  cost: outputCost,
  emit: (e, [values, indices], output, { rows }) => {
    const segments = segmentsOf(e, values!, indices!, rows);
    return { output: e.reshape(sumSegments(e, segments, asRows(e, values!.name, segments)), output) };
  },
  gradient: (e, { inputs, gradient, attributes: { rows } }) => {
    const [values, indices] = inputs as [Emitted, Emitted];
    const segments = segmentsOf(e, values, indices, rows);
    const table = e.reshape(gradient, [segments.rows, segments.width]);
    return [e.reshape(readSegments(e, segments, table), values.shape), null];
  },
};
