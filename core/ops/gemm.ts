import { broadcast, equalShapes, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { partOf } from './inner-blocks.ts';
import { matmul } from './matmul.ts';
import type { Emitted, Operator } from './operator.ts';
import { product } from './window.ts';

/** Whether the kernel, which puts the bias before a product's parts, rounds as if it came after them: there is one part. */
const hasOnePart = ({ shape }: Emitted): boolean => {
  const [inner, columns] = sizes(shape.slice(-2)) as [number, number];
  return inner <= partOf(columns);
};

const isOneMatrix = ({ shape }: Emitted): boolean => shape.slice(0, -2).every((d) => d === 1);

/** The bias of one row, as [out]; null where it varies over rows. */
const rowOf = ({ shape }: Emitted): Shape | null => (shape.slice(0, -1).every((d) => d === 1) ? shape.slice(-1) : null);

/**
 * x·w + b over the last two axes: x [..., B, in], w [..., in, out], b broadcast to the product. Where w is one matrix and b
 * one row, the bias is added inside the product's kernel.
 */
export const gemm: Operator<Record<string, never>> = {
  name: 'gemm',
  shape: ([x, w, b]) => {
    const out = matmul.shape([x!, w!], {});
    if (!equalShapes(broadcast(out, b!), out))
      throw new ShapeError(`A bias of ${showShape(b!)} does not fit ${showShape(out)}.`);
    return out;
  },
  cost: ([x, w], output) => matmul.cost([x!, w!], output, {}),
  emit: (e, [x, w, b], output) => {
    const bias = rowOf(b!);
    const rounds = e.forms.memberwise && !hasOnePart(w!);
    if (!isOneMatrix(w!) || bias === null || e.known(x!.name) !== null || rounds) {
      return { output: e.add(matmul.emit(e, [x!, w!], output, {}).output, b!.name) };
    }
    const flat = (v: Emitted, shape: Shape): Emitted => ({
      name: equalShapes(v.shape, shape) ? v.name : e.reshape(v.name, shape),
      shape,
    });
    const rows = flat(x!, [product(x!.shape.slice(0, -1)), x!.shape.at(-1)!]);
    const y = e.affine(rows, flat(w!, w!.shape.slice(-2)), flat(b!, bias).name);
    return { output: output.length === 2 ? y : e.reshape(y, output) };
  },
  gradient: (e, call) => {
    const [x, w, b] = call.inputs as [Emitted, Emitted, Emitted];
    const [forX, forW] = matmul.gradient(e, { ...call, inputs: [x, w] });
    return [forX!, forW!, call.needed[2] ? e.sumTo(call.gradient, call.output.shape, b.shape) : null];
  },
};
