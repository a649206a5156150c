import { type Emitted, type Operator, outputCost } from './operator.ts';
import { asRows, checkSegments, LOWEST, maxSegments, readSegments, segmentsOf, sumSegments } from './scatter.ts';

/** Largest of the values [K, E, D] of each of `rows` segments, [K, rows, D]; empty segments get 0, tied maxima share the gradient. */
export const segmentMax: Operator<{ rows: number }> = {
  name: 'segment-max',
  inputTypes: ['float', 'int64'],
  shape: ([values, indices], { rows }) => {
    checkSegments(values!, indices!, rows);
    return [values![0]!, rows, values![2]!];
  },
  cost: outputCost,
  emit: (e, [values, indices], output, { rows }) => {
    const s = segmentsOf(e, values!, indices!, rows);
    const largest = maxSegments(e, s, asRows(e, values!.name, s));
    const filled = e.cast(e.op('Greater', [largest, e.scalar(LOWEST / 2)]));
    return { output: e.reshape(e.mul(largest, filled), output), saved: [largest] };
  },
  gradient: (e, { inputs, saved, gradient, attributes: { rows } }) => {
    const [values, indices] = inputs as [Emitted, Emitted];
    const s = segmentsOf(e, values, indices, rows);
    const mine = e.cast(e.op('Equal', [asRows(e, values.name, s), readSegments(e, s, saved[0]!)]));
    const ties = e.op('Max', [sumSegments(e, s, mine), e.scalar(1)]);
    const share = e.div(e.reshape(gradient, [s.rows, s.width]), ties);
    return [e.reshape(e.mul(mine, readSegments(e, s, share)), values.shape), null];
  },
};
