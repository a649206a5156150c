import { broadcast, type Shape, ShapeError, showShape } from '../ir/shape.ts';
import type { Emitted, Operator } from './operator.ts';

/** Splits off the last two axes. */
const split = (shape: Shape): [Shape, Shape] => [shape.slice(0, -2), shape.slice(-2)];

/** a·b over the last two axes; leading axes broadcast, so [B,in]·[in,out], [K,B,in]·[K,in,out] and [1,B,in]·[K,in,out] all work. */
export const matmul: Operator<Record<string, never>> = {
  name: 'matmul',
  shape: ([a, b]) => {
    const [leadA, [rows, inner]] = split(a!);
    const [leadB, [innerB, columns]] = split(b!);
    if (rows === undefined || columns === undefined || inner !== innerB) {
      throw new ShapeError(`${showShape(a!)} and ${showShape(b!)} do not multiply.`);
    }
    return [...broadcast(leadA, leadB), rows, columns];
  },
  cost: ([a], output) => {
    const elements = output.reduce((x, y) => x * y, 1);
    return { macs: elements * a![a!.length - 1]!, activationBytes: 4 * elements };
  },
  emit: (e, [a, b]) => ({ output: e.matmul(a!, b!) }),
  gradient: (e, { inputs, output, gradient, needed }) => {
    const [a, b] = inputs as [Emitted, Emitted];
    const d = { name: gradient, shape: output.shape };
    const lead = output.shape.slice(0, -2);
    return [
      needed[0] ? e.sumTo(e.matmul(d, b, false, true), [...lead, ...a.shape.slice(-2)], a.shape) : null,
      needed[1] ? e.sumTo(e.matmul(a, d, true, false), [...lead, ...b.shape.slice(-2)], b.shape) : null,
    ];
  },
};
