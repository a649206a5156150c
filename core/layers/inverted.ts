/** Inverted residual blocks over x [K, N, C, ...size], and the regular convolutions that MobileDets puts in their place. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { equalShapes } from '../ir/shape.ts';
import { dense } from './dense.ts';
import { channelsOf, convBlock } from './image.ts';

/** Channels weighted by what the whole image holds (Hu, Shen and Sun 2018), through `width` hidden units. */
export function squeezeExcite(net: NetworkBuilder, name: string, x: Value, width: number): Value {
  const axes = x.shape.length - 3;
  const pooled = net.apply('global-average-pool', [x], { axes });
  const hidden = net.apply('relu', [dense(net, `${name}.1`, pooled, width)]);
  const weights = net.apply('sigmoid', [dense(net, `${name}.2`, hidden, channelsOf(x))]);
  const shape = [...weights.shape, ...new Array<number>(axes).fill(1)];
  return net.apply('mul', [x, net.apply('reshape', [weights], { shape })]);
}

export interface InvertedOptions {
  readonly expansion: number;
  readonly kernel?: number;
  readonly stride?: number;
  /** Hidden units of squeeze-and-excitation, or null for none. */
  readonly squeeze?: number | null;
  readonly dropPath?: number;
}

/** x plus the branch where both have the same shape, else the branch alone. */
function beside(net: NetworkBuilder, x: Value, branch: Value, dropPath: number): Value {
  if (!equalShapes(x.shape, branch.shape)) return branch;
  return net.apply('add', [x, net.apply('drop-path', [branch], { rate: dropPath })]);
}

/** Inverted residual block (Sandler and others 2018; Tan and Le 2019): widen, depthwise convolution, squeeze, narrow. */
export function mbConv(net: NetworkBuilder, name: string, x: Value, width: number, options: InvertedOptions): Value {
  const { expansion, kernel = 3, stride = 1, squeeze = null, dropPath = 0 } = options;
  const wide = channelsOf(x) * expansion;
  const widened = expansion === 1 ? x : convBlock(net, `${name}.1`, x, wide, { kernel: 1, activation: 'silu' });
  const depthwise = { kernel, stride, group: wide, activation: 'silu' } as const;
  let inner = convBlock(net, `${name}.2`, widened, wide, depthwise);
  if (squeeze !== null) inner = squeezeExcite(net, `${name}.e`, inner, squeeze);
  return beside(net, x, convBlock(net, `${name}.3`, inner, width, { kernel: 1, activation: 'none' }), dropPath);
}

/** Fused inverted block (Xiong and others 2021): one regular convolution widens, in place of two; squeeze, narrow. */
export function fusedMbConv(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  options: InvertedOptions,
): Value {
  const { expansion, kernel = 3, stride = 1, squeeze = null, dropPath = 0 } = options;
  const wide = channelsOf(x) * expansion;
  let inner = convBlock(net, `${name}.1`, x, wide, { kernel, stride, activation: 'silu' });
  if (squeeze !== null) inner = squeezeExcite(net, `${name}.e`, inner, squeeze);
  return beside(net, x, convBlock(net, `${name}.2`, inner, width, { kernel: 1, activation: 'none' }), dropPath);
}

export interface TuckerOptions {
  /** Channels inside as shares of those that come in and go out. */
  readonly inputRatio: number;
  readonly outputRatio: number;
  readonly kernel?: number;
  readonly stride?: number;
  readonly dropPath?: number;
}

/**
 * Tucker convolution (Xiong and others 2021): a regular convolution between two pointwise ones in fewer channels, as in a
 * Tucker decomposition of its weights.
 */
export function tuckerConv(net: NetworkBuilder, name: string, x: Value, width: number, options: TuckerOptions): Value {
  const { inputRatio, outputRatio, kernel = 3, stride = 1, dropPath = 0 } = options;
  const few = (channels: number, ratio: number): number => Math.max(1, Math.round(channels * ratio));
  const pointwise = { kernel: 1, activation: 'silu' } as const;
  const narrow = convBlock(net, `${name}.1`, x, few(channelsOf(x), inputRatio), pointwise);
  const inner = convBlock(net, `${name}.2`, narrow, few(width, outputRatio), { kernel, stride, activation: 'silu' });
  return beside(net, x, convBlock(net, `${name}.3`, inner, width, { kernel: 1, activation: 'none' }), dropPath);
}
