/** Normalisations that are compositions of the layer norm, with scale and shift. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';

/** A value whose scale and shift per feature are still to be applied: dense layers take them into their weights. */
export interface Scaled {
  /** [K, ..., F] */
  readonly value: Value;
  /** [K, 1, ..., F], as is `shift`. */
  readonly scale: Value;
  readonly shift: Value;
}

function scaling(net: NetworkBuilder, name: string, shape: Shape): Pick<Scaled, 'scale' | 'shift'> {
  return {
    scale: net.parameter(`${name}.scale`, shape, { kind: 'constant', value: 1 }, { decay: 0 }),
    shift: net.parameter(`${name}.shift`, shape, { kind: 'constant', value: 0 }, { decay: 0 }),
  };
}

function affine(net: NetworkBuilder, name: string, x: Value, shape: Shape): Value {
  const { scale, shift } = scaling(net, name, shape);
  return net.apply('add', [net.apply('mul', [x, scale]), shift]);
}

const perFeature = (x: Value): Shape => ['K', ...x.shape.slice(1, -1).map(() => 1), x.shape.at(-1)!];

/** Layer normalisation over the last axis of x [K, ..., F] (Ba, Kiros and Hinton 2016). */
export function layerNorm(net: NetworkBuilder, name: string, x: Value, epsilon = 1e-5): Value {
  return affine(net, name, net.apply('layer-norm', [x], { epsilon }), perFeature(x));
}

/** The same, to be read by dense layers only. */
export function layerNormBefore(net: NetworkBuilder, name: string, x: Value, epsilon = 1e-5): Scaled {
  return { value: net.apply('layer-norm', [x], { epsilon }), ...scaling(net, name, perFeature(x)) };
}

/** Group normalisation of x [K, N, C, ...size] in `groups` groups of channels (Wu and He 2018). */
export function groupNorm(net: NetworkBuilder, name: string, x: Value, groups: number, epsilon = 1e-5): Value {
  const [members, rows, ...rest] = x.shape;
  const [channels, ...size] = sizes(rest);
  if (channels === undefined || channels % groups !== 0) {
    throw new ShapeError(`${showShape(x.shape)} does not split into ${groups} groups of channels.`);
  }
  const wide = (channels / groups) * size.reduce((a, b) => a * b, 1);
  const grouped = net.apply('reshape', [x], { shape: [members!, rows!, groups, wide] });
  const normal = net.apply('layer-norm', [grouped], { epsilon });
  const back = net.apply('reshape', [normal], { shape: x.shape });
  return affine(net, name, back, ['K', 1, channels, ...size.map(() => 1)]);
}
