import { broadcast, equalShapes, ShapeError, showShape } from '../ir/shape.ts';
import type { Emitted, Operator } from './operator.ts';

/** x·w + b for one network: x [B,in], w [in,out], b [out] or [1,out]; the bias is added inside the product's kernel. */
export const gemm: Operator<Record<string, never>> = {
  name: 'gemm',
  shape: ([x, w, b]) => {
    const [rows, inner] = x!;
    const [innerW, columns] = w!;
    if (x!.length !== 2 || w!.length !== 2 || inner !== innerW) {
      throw new ShapeError(`${showShape(x!)} and ${showShape(w!)} do not multiply.`);
    }
    const out = [rows!, columns!];
    if (!equalShapes(broadcast(out, b!), out))
      throw new ShapeError(`A bias of ${showShape(b!)} does not fit ${showShape(out)}.`);
    return out;
  },
  cost: ([x], output) => {
    const elements = output.reduce((p, q) => p * q, 1);
    return { macs: elements * x![1]!, activationBytes: 4 * elements };
  },
  emit: (e, inputs) => ({
    output: e.op(
      'Gemm',
      inputs.map((v) => v.name),
    ),
  }),
  gradient: (e, { inputs, output, gradient, needed }) => {
    const [x, w, b] = inputs as [Emitted, Emitted, Emitted];
    const d = { name: gradient, shape: output.shape };
    return [
      needed[0] ? e.op('Gemm', [gradient, w.name], { transB: 1 }) : null,
      needed[1] ? e.matmul(x, d, true, false) : null,
      needed[2] ? e.sumTo(gradient, output.shape, b.shape) : null,
    ];
  },
};
