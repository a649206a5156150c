import { type Emitted, type Operator, outputCost } from './operator.ts';
import { asRows, checkSegments, readSegments, reduceRows, segmentsOf, sumSegments } from './scatter.ts';

/** Mean of the values [K, E, D] of each of `rows` segments, [K, rows, D]; empty segments get 0. */
export const segmentMean: Operator<{ rows: number }> = {
  name: 'segment-mean',
  inputTypes: ['float', 'int64'],
  shape: ([values, indices], { rows }) => {
    checkSegments(values!, indices!, rows);
    return [values![0]!, rows, values![2]!];
  },
  cost: outputCost,
  emit: (e, [values, indices], output, { rows }) => {
    const s = segmentsOf(e, values!, indices!, rows);
    const ones = e.op('Expand', [e.constant([1], [1, 1]), e.op('Shape', [s.rowIndex.column])]);
    const counts = e.op('Max', [reduceRows(e, 'add', s.rowIndex, ones, [s.rows, 1]), e.scalar(1)]);
    const mean = e.div(sumSegments(e, s, asRows(e, values!.name, s)), counts);
    return { output: e.reshape(mean, output), saved: [counts] };
  },
  gradient: (e, { inputs, saved, gradient, attributes: { rows } }) => {
    const [values, indices] = inputs as [Emitted, Emitted];
    const s = segmentsOf(e, values, indices, rows);
    const table = e.div(e.reshape(gradient, [s.rows, s.width]), saved[0]!);
    return [e.reshape(readSegments(e, s, table), values.shape), null];
  },
};
