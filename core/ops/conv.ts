import { equalShapes, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { Blocks } from './blocked.ts';
import { blockedInput, convBlocked } from './conv-blocked.ts';
import { inputGradientBlocked } from './conv-blocked-input.ts';
import { weightGradientBlocked } from './conv-blocked-weights.ts';
import { convGradients, convPlain } from './conv-gradient.ts';
import type { Emitter } from './emitter.ts';
import { memberOf, stack } from './members.ts';
import type { Emitted, Operator } from './operator.ts';
import { onnxWindow, outputSizes, product, type Window, type WindowAttributes, windowOf } from './window.ts';

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
  layouts: (block, [, w, b], _output, attributes) => {
    const { group = 1 } = attributes;
    const window = windowOf(sizes(w!.shape.slice(3)), attributes);
    const input = blockedInput(block, w!.shape.slice(1), window, group);
    return input && { inputs: [input, 'plain', ...(b ? ['plain' as const] : [])], output: 'blocked' };
  },
  emit: (e, [x, w, b], output, attributes) => {
    const { group = 1 } = attributes;
    const members = sizes(w!.shape.slice(0, 1))[0]!;
    const window = windowOf(sizes(w!.shape.slice(3)), attributes);
    const blocks = blocksFor(e, w!, window, group);
    const parts = Array.from({ length: members }, (_, k) => {
      const operands = [x!, w!, ...(b ? [b] : [])].map((v) => memberOf(e, v, v.shape[0] === 1 ? 0 : k));
      if (e.type === 'float64') return convPlain(e, operands, window, group);
      if (blocks) return convBlocked(e, blocks, operands, output.slice(1), window, group);
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
    const d: Emitted = { ...output, name: gradient };
    const blocks = blocksFor(e, w, window, group);
    const each = (part: (k: number) => string): string[] => Array.from({ length: members }, (_, k) => part(k));
    const of = (v: Emitted, k: number): Emitted => memberOf(e, v, v.shape[0] === 1 ? 0 : k);
    const plain = (v: Emitted): Emitted =>
      v.layout === 'blocked' ? { name: blocks!.toPlain(v.name, v.shape), shape: v.shape } : v;
    const forX = (k: number): string =>
      blocks && x.layout === 'blocked'
        ? inputGradientBlocked(e, blocks, of(x, k), of(w, k), of(d, k), window, group)
        : convGradients(e, of(x, k), of(w, k), of(plain(d), k), window, group, [true, false]).x!;
    const forW = (k: number): string => {
      const rows = (): Emitted => of(plain(x), k);
      return (
        (blocks && weightGradientBlocked(e, blocks, of(x, k), rows, of(w, k), of(d, k), window, group)) ??
        convGradients(e, rows(), of(w, k), of(plain(d), k), window, group, [false, true]).w!
      );
    };
    const perMember = [members, ...x.shape.slice(1)];
    return [
      needed[0] ? e.sumTo(stack(e, each(forX), perMember), perMember, x.shape) : null,
      needed[1] ? stack(e, each(forW), w.shape) : null,
      ...(b ? [needed[2] ? biasGradient(e, d, b.shape) : null] : []),
    ];
  },
};

/** The blocked kernels, where the graph may use them and this convolution has them. */
function blocksFor(e: Emitter, w: Emitted, window: Window, group: number): Blocks | null {
  return e.blocks && blockedInput(e.blocks.size, w.shape.slice(1), window, group) !== null ? e.blocks : null;
}

/** Sum over rows and places, in the fast kinds of reduction: last axes, then the axis before; in blocks rows first. */
function biasGradient(e: Emitter, d: Emitted, shape: Shape): string {
  if (d.layout === 'blocked') return e.reshape(e.blocks!.sumChannels(d.name, d.shape), shape);
  const [members, rows, filters] = sizes(d.shape) as [number, number, number];
  const flat = e.reshape(d.name, [members, rows, filters, product(d.shape.slice(3))]);
  return e.op('ReduceSum', [e.op('ReduceSum', [flat, e.graph.int64([3])], { keepdims: 0 }), e.graph.int64([1])], {
    keepdims: shape.length === 2 ? 0 : 1,
  });
}
