import { broadcast, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { sparseProduct } from './constant-matrix.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted, Operator } from './operator.ts';
import { product } from './window.ts';

/** Splits off the last two axes. */
const split = (shape: Shape): [Shape, Shape] => [shape.slice(0, -2), shape.slice(-2)];

/** Whether one matrix serves all of several leading axes: then `a` is one tall matrix, and products and gradients one GEMM each. */
const isShared = (a: Shape, b: Shape): boolean =>
  a.length >= 4 && a.slice(0, -2).some((d) => d !== 1) && b.slice(0, -2).every((d) => d === 1);

/** `x` as a matrix: leading axes merged into the rows. */
function tall(e: Emitter, x: Emitted): Emitted {
  const shape = [product(x.shape.slice(0, -1)), x.shape.at(-1)!];
  return { name: e.reshape(x.name, shape), shape };
}

/** Up to this share of the rows, reading those that count and multiplying them is faster than multiplying all. */
const FEW = 0.75;
const rowsOf = ({ shape }: Emitted): number => sizes(shape)[1]!;

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
  emit: (e, [a, b], output) => {
    const sparse = sparseProduct(e, a!, b!, false);
    if (sparse !== null) return { output: e.reshape(sparse, output) };
    if (!isShared(a!.shape, b!.shape)) return { output: e.matmul(a!, b!) };
    return { output: e.reshape(e.matmul(tall(e, a!), tall(e, b!)), output) };
  },
  gradient: (e, { inputs, output, gradient, needed, live }) => {
    const [a, b] = inputs as [Emitted, Emitted];
    const d = { name: gradient, shape: output.shape };
    if (!needed[0]) {
      const sparse = sparseProduct(e, a, d, true, live);
      if (sparse !== null) return [null, e.reshape(sparse, b.shape)];
    }
    if (isShared(a.shape, b.shape)) {
      const [rows, matrix, incoming] = [a, b, d].map((v) => tall(e, v)) as [Emitted, Emitted, Emitted];
      const shared = (a.readers ?? 1) > 1;
      return [
        needed[0] ? e.reshape(e.matmul(incoming, matrix, false, true), a.shape) : null,
        needed[1] ? e.reshape(shared ? e.matmulShared(rows, incoming) : e.matmul(rows, incoming, true), b.shape) : null,
      ];
    }
    const lead = output.shape.slice(0, -2);
    const few = output.shape.length === 3 && live !== null && live.length > 0 && live.length <= FEW * rowsOf(output);
    const ofB = few ? e.matmulRows(a, d, live) : null;
    return [
      needed[0] ? e.sumTo(e.matmul(d, b, false, true), [...lead, ...a.shape.slice(-2)], a.shape) : null,
      needed[1] ? e.sumTo(ofB ?? e.matmul(a, d, true, false), [...lead, ...b.shape.slice(-2)], b.shape) : null,
    ];
  },
  live: (_e, { inputs, output, live }) => [output.shape.length === 3 && inputs[0]!.shape.length === 3 ? live : null],
};
