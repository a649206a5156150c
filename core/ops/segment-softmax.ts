import { type Emitted, type Operator, outputCost } from './operator.ts';
import { asRows, checkSegments, maxSegments, readSegments, segmentsOf, sumSegments } from './scatter.ts';

/** Softmax of scores [K, E, D] among the values of the same segment: attention over edge lists (Veličković and others 2018). */
export const segmentSoftmax: Operator<{ rows: number }> = {
  name: 'segment-softmax',
  inputTypes: ['float', 'int64'],
  shape: ([values, indices], { rows }) => {
    checkSegments(values!, indices!, rows);
    return values!;
  },
  cost: outputCost,
  emit: (e, [values, indices], output, { rows }) => {
    const s = segmentsOf(e, values!, indices!, rows);
    const scores = asRows(e, values!.name, s);
    const powers = e.op('Exp', [e.sub(scores, readSegments(e, s, maxSegments(e, s, scores)))]);
    const share = e.div(powers, readSegments(e, s, sumSegments(e, s, powers)));
    return { output: e.reshape(share, output) };
  },
  gradient: (e, { inputs, output, gradient, attributes: { rows } }) => {
    const [values, indices] = inputs as [Emitted, Emitted];
    const s = segmentsOf(e, values, indices, rows);
    const y = asRows(e, output.name, s);
    const weighted = e.mul(y, asRows(e, gradient, s));
    const total = readSegments(e, s, sumSegments(e, s, weighted));
    return [e.reshape(e.sub(weighted, e.mul(y, total)), values.shape), null];
  },
};
