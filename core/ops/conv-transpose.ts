import { ShapeError, showShape, sizes } from '../ir/shape.ts';
import { blockedInput, convBlocked } from './conv-blocked.ts';
import { inputGradientBlocked } from './conv-blocked-input.ts';
import { weightGradientBlocked } from './conv-blocked-weights.ts';
import { convGradients, convPlain } from './conv-gradient.ts';
import { memberOf, stack } from './members.ts';
import type { Emitted, Operator } from './operator.ts';
import { onnxWindow, type WindowAttributes, windowOf } from './window.ts';

export type ConvTransposeAttributes = WindowAttributes & { group?: number; outputPadding?: readonly number[] };

/**
 * Transposed convolution, the gradient of a convolution by its input (Zeiler and others 2010): x [K or 1, N, M, ...places]
 * and weights [K, M, C/group, ...kernel] give [K, N, C, ...size]. `outputPadding` adds places at the end that a strided
 * convolution of the result would not reach; it must be smaller than the stride or the dilation.
 */
export const convTranspose: Operator<ConvTransposeAttributes> = {
  name: 'conv-transpose',
  shape: ([x, w], attributes) => {
    const { group = 1, outputPadding } = attributes;
    const [members, filters, perGroup, ...kernel] = w!;
    const axes = kernel.length;
    const fits =
      x!.length === w!.length &&
      axes >= 1 &&
      axes <= 3 &&
      (x![0] === 1 || x![0] === members) &&
      typeof filters === 'number' &&
      x![2] === filters &&
      filters % group === 0 &&
      typeof perGroup === 'number';
    if (!fits) throw new ShapeError(`${showShape(x!)} does not go with ${showShape(w!)} in ${group} groups.`);
    const window = windowOf(sizes(kernel), attributes);
    const { strides, dilations, pads } = window;
    const size = sizes(x!.slice(3)).map((places, i) => {
      const extra = outputPadding?.[i] ?? 0;
      const whole = (places - 1) * strides[i]! + dilations[i]! * (window.kernel[i]! - 1) + 1;
      const kept = whole + extra - pads[i]! - pads[axes + i]!;
      if (kept < 1 || extra < 0 || (extra > 0 && extra >= Math.max(strides[i]!, dilations[i]!))) {
        throw new ShapeError(`Padding ${showShape(pads)} and ${showShape(outputPadding ?? [])} leave no valid size.`);
      }
      return kept;
    });
    return [members!, x![1]!, perGroup * group, ...size];
  },
  cost: ([x, w], output) => {
    const [, ...perFilter] = w!.slice(1);
    const elements = output[0]! * x!.slice(1).reduce((p, q) => p * q, 1);
    return {
      macs: elements * perFilter.reduce((p, q) => p * q, 1),
      activationBytes: 4 * output.reduce((p, q) => p * q, 1),
    };
  },
  layouts: (block, [, w], _output, attributes) => {
    const { group = 1 } = attributes;
    const window = windowOf(sizes(w!.shape.slice(3)), attributes);
    const blocked = blockedInput(block, w!.shape.slice(1), window, group) === 'blocked';
    return blocked ? { inputs: ['blocked', 'plain'], output: 'blocked' } : null;
  },
  emit: (e, [x, w], output, attributes) => {
    const { group = 1 } = attributes;
    const members = sizes(w!.shape.slice(0, 1))[0]!;
    const window = windowOf(sizes(w!.shape.slice(3)), attributes);
    const parts = Array.from({ length: members }, (_, k) => {
      const [xk, wk] = [memberOf(e, x!, k), memberOf(e, w!, k)];
      // Only the shape of the convolution's input is needed for the gradient by it.
      const large = { name: '', shape: output.slice(1) };
      if (x!.layout === 'blocked') return inputGradientBlocked(e, e.blocks!, large, wk, xk, window, group);
      return convGradients(e, large, wk, xk, window, group, [true, false]).x!;
    });
    return { output: stack(e, parts, output) };
  },
  gradient: (e, { inputs, output, gradient, needed, attributes }) => {
    const { group = 1 } = attributes;
    const [x, w] = inputs as [Emitted, Emitted];
    const members = sizes(w.shape)[0]!;
    const window = windowOf(sizes(w.shape).slice(3), attributes);
    const perMember = [members, ...x.shape.slice(1)];
    const of = (v: Emitted, k: number): Emitted => memberOf(e, v, k);
    const d: Emitted = { ...output, name: gradient };
    const blocks = x.layout === 'blocked' ? e.blocks : null;
    const plain = (v: Emitted): Emitted => (blocks ? { name: blocks.toPlain(v.name, v.shape), shape: v.shape } : v);
    const each = (part: (k: number) => string): string[] => Array.from({ length: members }, (_, k) => part(k));
    const forX = (k: number): string => {
      const operands = [of(d, k), of(w, k)];
      if (e.type === 'float64') return convPlain(e, operands, window, group);
      if (blocks) return convBlocked(e, blocks, operands, x.shape.slice(1), window, group);
      const names = operands.map((v) => v.name);
      return e.op('Conv', names, { ...onnxWindow(window), group });
    };
    const forW = (k: number): string => {
      const rows = (): Emitted => of(plain(d), k);
      return (
        (blocks && weightGradientBlocked(e, blocks, of(d, k), rows, of(w, k), of(x, k), window, group)) ??
        convGradients(e, rows(), of(w, k), of(plain(x), k), window, group, [false, true]).w!
      );
    };
    return [
      needed[0] ? e.sumTo(stack(e, each(forX), perMember), perMember, x.shape) : null,
      needed[1] ? stack(e, each(forW), w.shape) : null,
    ];
  },
};
