/** Cases of the operators on sequences: one step, one row, several members with a shared input. */
import type { Shape } from '../../ir/shape.ts';
import type { OperatorCase } from './cases.ts';

const sizes = [
  { lead: 1, members: 1, steps: 4, rows: 2, inputs: 3, hidden: 2 },
  { lead: 1, members: 2, steps: 2, rows: 1, inputs: 1, hidden: 2 },
  { lead: 2, members: 2, steps: 1, rows: 2, inputs: 2, hidden: 1 },
];

const recurrent = (op: string, gates: number, biases: readonly number[]): OperatorCase[] =>
  sizes.flatMap(({ lead, members, steps, rows, inputs, hidden }) => {
    const weights: Shape[] = [inputs, hidden].map((n) => [members, n, gates * hidden]);
    const shifts: Shape[] = biases.map((n) => [members, 1, n * hidden]);
    const shapes: Shape[] = [[lead, steps, rows, inputs], ...weights, ...shifts];
    return [
      { op, shapes },
      { op, shapes, attributes: { last: true } },
    ];
  });

export const sequenceCases: readonly OperatorCase[] = [
  ...recurrent('lstm', 4, [4]),
  ...recurrent('gru', 3, [3, 1]),
  { op: 'rotary', shapes: [[2, 3, 4]], attributes: { base: 10000 } },
  { op: 'rotary', shapes: [[1, 2, 1, 2]], attributes: { base: 10 } },
];
