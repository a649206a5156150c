/** Blocks of image and sequence networks over x [K, N, C, ...size]: convolutions with batch normalisation and what is built of them. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';
import { batchNorm } from './batch-norm.ts';

export type Activation = 'relu' | 'silu' | 'gelu' | 'elu' | 'tanh' | 'none';

export interface ConvOptions {
  /** Along every axis; odd, so that padding keeps the size at stride 1. */
  readonly kernel?: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly group?: number;
  readonly activation?: Activation;
}

const channelsOf = (x: Value): number => {
  const channels = x.shape[2];
  if (typeof channels !== 'number') throw new ShapeError(`${showShape(x.shape)} has no channels.`);
  return channels;
};

function activated(net: NetworkBuilder, x: Value, activation: Activation): Value {
  if (activation === 'none') return x;
  return net.apply(activation, [x], activation === 'elu' ? { alpha: 1 } : {});
}

/** A convolution to `width` channels, He and others' (2015) start, padded to keep the size; no bias. */
export function convolution(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  options: ConvOptions = {},
): Value {
  const { kernel = 3, stride = 1, dilation = 1, group = 1 } = options;
  if (kernel % 2 !== 1) throw new ShapeError(`A kernel of ${kernel} cannot keep the size.`);
  const axes = x.shape.length - 3;
  const each = (value: number): number[] => new Array<number>(axes).fill(value);
  const perGroup = channelsOf(x) / group;
  const deviation = Math.sqrt(2 / (perGroup * kernel ** axes));
  const w = net.parameter(name, ['K', width, perGroup, ...each(kernel)], { kind: 'normal', deviation });
  const side = each((dilation * (kernel - 1)) / 2);
  return net.apply('conv', [x, w], {
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
  const convolved = convolution(net, `${name}.w`, x, width, options);
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
  const channels = channelsOf(x);
  const axes = x.shape.length - 3;
  const dense = (input: Value, part: string, from: number, to: number): Value => {
    const deviation = Math.sqrt(2 / from);
    const product = net.apply('matmul', [
      input,
      net.parameter(`${name}.${part}`, ['K', from, to], { kind: 'normal', deviation }),
    ]);
    const zero = { kind: 'constant', value: 0 } as const;
    return net.apply('add', [product, net.parameter(`${name}.${part}b`, ['K', 1, to], zero, { decay: 0 })]);
  };
  const pooled = net.apply('global-average-pool', [x], { axes });
  const hidden = net.apply('relu', [dense(pooled, '1', channels, width)]);
  const weights = net.apply('sigmoid', [dense(hidden, '2', width, channels)]);
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
