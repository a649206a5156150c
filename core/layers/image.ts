/** Blocks of image and sequence networks over x [K, N, C, ...size]: convolutions with batch normalisation and what is built of them. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';
import { type Activation, activated } from './activation.ts';
import { batchNorm } from './batch-norm.ts';
import { dense } from './dense.ts';
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

const channelsOf = (x: Value): number => {
  const channels = x.shape[2];
  if (typeof channels !== 'number') throw new ShapeError(`${showShape(x.shape)} has no channels.`);
  return channels;
};

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

/** Inverted residual block (Sandler and others 2018; Tan and Le 2019): widen, depthwise convolution, squeeze, narrow. */
export function mbConv(net: NetworkBuilder, name: string, x: Value, width: number, options: InvertedOptions): Value {
  const { expansion, kernel = 3, stride = 1, squeeze = null, dropPath = 0 } = options;
  const wide = channelsOf(x) * expansion;
  const widened = expansion === 1 ? x : convBlock(net, `${name}.1`, x, wide, { kernel: 1, activation: 'silu' });
  const depthwise = { kernel, stride, group: wide, activation: 'silu' } as const;
  let inner = convBlock(net, `${name}.2`, widened, wide, depthwise);
  if (squeeze !== null) inner = squeezeExcite(net, `${name}.e`, inner, squeeze);
  const out = convBlock(net, `${name}.3`, inner, width, { kernel: 1, activation: 'none' });
  if (stride !== 1 || channelsOf(x) !== width) return out;
  return net.apply('add', [x, net.apply('drop-path', [out], { rate: dropPath })]);
}

/** One step up of a U-Net (Ronneberger, Fischer and Brox 2015): x doubled, joined with `skip`, two convolutions. */
export function upBlock(net: NetworkBuilder, name: string, x: Value, skip: Value, width: number): Value {
  const factors = new Array<number>(x.shape.length - 3).fill(2);
  const joined = net.apply('concat', [net.apply('resize', [x], { mode: 'nearest', factors }), skip], { axis: 2 });
  return convBlock(net, `${name}.2`, convBlock(net, `${name}.1`, joined, width), width);
}

/** Dilated causal block over sequences [K, N, C, T] (Bai, Kolter and Koltun 2018): no place sees a later one. */
export function temporalBlock(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  { kernel, dilation, dropout = 0 }: { kernel: number; dilation: number; dropout?: number },
): Value {
  const causal = (input: Value, part: string): Value => {
    const channels = channelsOf(input);
    const deviation = Math.sqrt(2 / (channels * kernel));
    const w = net.parameter(`${name}.${part}`, ['K', width, channels, kernel], { kind: 'normal', deviation });
    const b = net.parameter(`${name}.${part}b`, ['K', width], { kind: 'constant', value: 0 }, { decay: 0 });
    const window = { dilations: [dilation], pads: [dilation * (kernel - 1), 0] };
    return net.apply('dropout', [net.apply('relu', [net.apply('conv', [input, w, b], window)])], { rate: dropout });
  };
  const branch = causal(causal(x, '1'), '2');
  const shortcut = channelsOf(x) === width ? x : convolution(net, `${name}.s`, x, width, { kernel: 1 });
  return net.apply('relu', [net.apply('add', [branch, shortcut])]);
}
