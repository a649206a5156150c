/** Convolutions over x [K, N, C, ...size] with batch normalisation, and the plainest blocks of them. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError } from '../ir/shape.ts';
import { type Activation, activated } from './activation.ts';
import { sizeOf } from './axis.ts';
import { batchNorm } from './batch-norm.ts';
import { he, type InitRule, zeros } from './init.ts';

export interface ConvOptions {
  /** Along every axis; odd, so that padding keeps the size at stride 1. */
  readonly kernel?: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly group?: number;
  readonly activation?: Activation;
  /** Whether a number is added per channel; a batch normalisation that follows would take it out again. */
  readonly bias?: boolean;
  readonly init?: InitRule;
}

/** Channels of x [K, N, C, ...size]. */
export const channelsOf = (x: Value): number => sizeOf(x, 2);

/** A convolution to `width` channels, padded to keep the size; He and others' (2015) start, no bias where not stated. */
export function convolution(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  options: ConvOptions = {},
): Value {
  const { kernel = 3, stride = 1, dilation = 1, group = 1, bias = false, init = he } = options;
  if (kernel % 2 !== 1) throw new ShapeError(`A kernel of ${kernel} cannot keep the size.`);
  const axes = x.shape.length - 3;
  const each = (value: number): number[] => new Array<number>(axes).fill(value);
  const perGroup = channelsOf(x) / group;
  const taps = kernel ** axes;
  const start = init(perGroup * taps, (width / group) * taps);
  const w = net.parameter(`${name}.w`, ['K', width, perGroup, ...each(kernel)], start);
  const shift = bias ? [net.parameter(`${name}.b`, ['K', width], zeros, { decay: 0 })] : [];
  const side = each((dilation * (kernel - 1)) / 2);
  return net.apply('conv', [x, w, ...shift], {
    group,
    strides: each(stride),
    dilations: each(dilation),
    pads: [...side, ...side],
  });
}

/** Convolution, batch normalisation, activation (ReLU where not stated). */
export function convBlock(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  options: ConvOptions = {},
): Value {
  const convolved = convolution(net, name, x, width, options);
  return activated(net, batchNorm(net, `${name}.norm`, convolved), options.activation ?? 'relu');
}

/** Two 3-wide convolutions beside a shortcut (He and others 2016); `dropPath` drops the branch of whole rows. */
export function residualBlock(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  { stride = 1, dropPath = 0 }: { stride?: number; dropPath?: number } = {},
): Value {
  const first = convBlock(net, `${name}.1`, x, width, { stride });
  const branch = net.apply('drop-path', [convBlock(net, `${name}.2`, first, width, { activation: 'none' })], {
    rate: dropPath,
  });
  const same = stride === 1 && channelsOf(x) === width;
  const shortcut = same ? x : convBlock(net, `${name}.s`, x, width, { kernel: 1, stride, activation: 'none' });
  return net.apply('relu', [net.apply('add', [shortcut, branch])]);
}

/** One step up of a U-Net (Ronneberger, Fischer and Brox 2015): x doubled, joined with `skip`, two convolutions. */
export function upBlock(net: NetworkBuilder, name: string, x: Value, skip: Value, width: number): Value {
  const factors = new Array<number>(x.shape.length - 3).fill(2);
  const joined = net.apply('concat', [net.apply('resize', [x], { mode: 'nearest', factors }), skip], { axis: 2 });
  return convBlock(net, `${name}.2`, convBlock(net, `${name}.1`, joined, width), width);
}
