/** ConvNeXt blocks over x [K, N, C, ...size] (Liu and others 2022). */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { dense } from './dense.ts';
import { channelsOf, convolution } from './image.ts';
import { small, zeros } from './init.ts';
import { layerNorm, layerNormBefore } from './norm.ts';

/** Images as places with channels last, [K, N, P, C]. */
function channelsLast(net: NetworkBuilder, x: Value): Value {
  const [lead, rows, , ...size] = x.shape;
  const places = size.reduce<number>((product, d) => product * Number(d), 1);
  const flat = net.apply('reshape', [x], { shape: [lead!, rows!, channelsOf(x), places] });
  return net.apply('transpose', [flat], { perm: [0, 1, 3, 2] });
}

/** Undoes `channelsLast`. */
function channelsFirst(net: NetworkBuilder, x: Value, size: readonly (number | string)[]): Value {
  const turned = net.apply('transpose', [x], { perm: [0, 1, 3, 2] });
  return net.apply('reshape', [turned], { shape: [...turned.shape.slice(0, 3), ...size] });
}

export interface ConvNextOptions {
  /** 7 where not stated. */
  readonly kernel?: number;
  /** Hidden features as a multiple of the channels; 4 where not stated. */
  readonly expansion?: number;
  readonly dropPath?: number;
}

/**
 * Depthwise convolution, normalisation over channels, two dense layers with GELU between, scaled per channel by factors
 * that start at 1e-6, beside a shortcut.
 */
export function convNextBlock(net: NetworkBuilder, name: string, x: Value, options: ConvNextOptions = {}): Value {
  const { kernel = 7, expansion = 4, dropPath = 0 } = options;
  const channels = channelsOf(x);
  const mixed = convolution(net, `${name}.depth`, x, channels, { kernel, group: channels, bias: true, init: small });
  const normal = layerNormBefore(net, `${name}.norm`, channelsLast(net, mixed), 1e-6);
  const hidden = net.apply('gelu', [dense(net, `${name}.up`, normal, expansion * channels, { init: small })]);
  const out = dense(net, `${name}.down`, hidden, channels, { init: small });
  const factor = net.parameter(`${name}.scale`, ['K', 1, 1, channels], { kind: 'constant', value: 1e-6 }, { decay: 0 });
  const branch = channelsFirst(net, net.apply('mul', [out, factor]), x.shape.slice(3));
  return net.apply('add', [x, net.apply('drop-path', [branch], { rate: dropPath })]);
}

/** Normalisation over channels, then a convolution with stride `factor` of as wide a kernel: between stages, and the stem. */
export function convNextDownsample(net: NetworkBuilder, name: string, x: Value, width: number, factor = 2): Value {
  const size = x.shape.slice(3);
  const normal = channelsFirst(net, layerNorm(net, `${name}.norm`, channelsLast(net, x), 1e-6), size);
  return strided(net, name, normal, width, factor);
}

/** The stem: patches of `patch` places, normalised over channels. */
export function convNextStem(net: NetworkBuilder, name: string, x: Value, width: number, patch = 4): Value {
  const cut = strided(net, name, x, width, patch);
  const normal = layerNorm(net, `${name}.norm`, channelsLast(net, cut), 1e-6);
  return channelsFirst(net, normal, cut.shape.slice(3));
}

function strided(net: NetworkBuilder, name: string, x: Value, width: number, factor: number): Value {
  const each = x.shape.slice(3).map(() => factor);
  const w = net.parameter(`${name}.w`, ['K', width, sizeOf(x, 2), ...each], small(1, 1));
  const b = net.parameter(`${name}.b`, ['K', width], zeros, { decay: 0 });
  return net.apply('conv', [x, w, b], { strides: each });
}
