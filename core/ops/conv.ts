import { equalShapes, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import { type ConvGradients, convGradients, convPlain } from './conv-gradient.ts';
import type { Emitter } from './emitter.ts';
import { memberOf, stack } from './members.ts';
import type { Emitted, Operator } from './operator.ts';
import { onnxWindow, outputSizes, product, type WindowAttributes, windowOf } from './window.ts';

export type ConvAttributes = WindowAttributes & { group?: number };

/**
 * Convolution over 1, 2 or 3 axes: x [K or 1, N, C, ...size], weights [K, M, C/group, ...kernel] and perhaps a bias
 * [K, M] give [K, N, M, ...places]. Depthwise where group = C. Members are convolved one after the other, since kernels
 * over members as groups are no faster.
 */
export const conv: Operator<ConvAttributes> = {
  name: 'conv',
  shape: ([x, w, b], attributes) => {
    const { group = 1 } = attributes;
    const [members, filters, perGroup, ...kernel] = w!;
    const fits =
      x!.length === w!.length &&
      kernel.length >= 1 &&
      kernel.length <= 3 &&
      (x![0] === 1 || x![0] === members) &&
      typeof filters === 'number' &&
      filters % group === 0 &&
      typeof perGroup === 'number' &&
      x![2] === perGroup * group &&
      (b === undefined || equalShapes(b, [members!, filters]));
    if (!fits) throw new ShapeError(`${showShape(x!)} cannot be convolved with ${showShape(w!)} in ${group} groups.`);
    return [members!, x![1]!, filters, ...outputSizes(windowOf(sizes(kernel), attributes), x!)];
  },
  cost: ([, w], output) => {
    const elements = output.reduce((p, q) => p * q, 1);
    return { macs: elements * w!.slice(2).reduce((p, q) => p * q, 1), activationBytes: 4 * elements };
  },
  emit: (e, [x, w, b], output, attributes) => {
    const { group = 1 } = attributes;
    const members = sizes(w!.shape.slice(0, 1))[0]!;
    const window = windowOf(sizes(w!.shape.slice(3)), attributes);
    const parts = Array.from({ length: members }, (_, k) => {
      const operands = [x!, w!, ...(b ? [b] : [])].map((v) => memberOf(e, v, v.shape[0] === 1 ? 0 : k));
      if (e.type === 'float64') return convPlain(e, operands, window, group);
      const names = operands.map((v) => v.name);
      return e.op('Conv', names, { ...onnxWindow(window), group });
    });
    return { output: stack(e, parts, output) };
  },
  gradient: (e, { inputs, output, gradient, needed, attributes }) => {
    const { group = 1 } = attributes;
    const [x, w, b] = inputs as [Emitted, Emitted, Emitted | undefined];
    const members = sizes(w.shape)[0]!;
    const window = windowOf(sizes(w.shape).slice(3), attributes);
    const d: Emitted = { name: gradient, shape: output.shape };
    const parts = Array.from({ length: members }, (_, k): ConvGradients => {
      const [xk, wk, dk] = [x, w, d].map((v) => memberOf(e, v, v.shape[0] === 1 ? 0 : k)) as [
        Emitted,
        Emitted,
        Emitted,
      ];
      return convGradients(e, xk, wk, dk, window, group, needed);
    });
    const perMember = [members, ...x.shape.slice(1)];
    return [
      needed[0]
        ? e.sumTo(
            stack(
              e,
              parts.map((p) => p.x!),
              perMember,
            ),
            perMember,
            x.shape,
          )
        : null,
      needed[1]
        ? stack(
            e,
            parts.map((p) => p.w!),
            w.shape,
          )
        : null,
      ...(b ? [needed[2] ? biasGradient(e, d, b.shape) : null] : []),
    ];
  },
};

/** Sum over rows and places, in the two fast kinds of reduction: last axes, then the axis before. */
function biasGradient(e: Emitter, d: Emitted, shape: Shape): string {
  const [members, rows, filters] = sizes(d.shape) as [number, number, number];
  const flat = e.reshape(d.name, [members, rows, filters, product(d.shape.slice(3))]);
  return e.op('ReduceSum', [e.op('ReduceSum', [flat, e.graph.int64([3])], { keepdims: 0 }), e.graph.int64([1])], {
    keepdims: shape.length === 2 ? 0 : 1,
  });
}
