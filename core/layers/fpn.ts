/** Feature pyramid and a head that reads it, over images [K, N, C, H, W] of sizes that halve (Lin and others 2017). */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { channelsOf, convolution } from './image.ts';
import { glorot } from './init.ts';

/**
 * Levels of one width from the stages of a backbone, finest first: each stage through a pointwise convolution plus the
 * enlarged level above it, then a 3-wide convolution. Neither normalisation nor activation, as in the paper.
 */
export function featurePyramid(net: NetworkBuilder, name: string, stages: readonly Value[], width: number): Value[] {
  const shifted = { bias: true, init: glorot } as const;
  let above: Value | null = null;
  const levels = stages.toReversed().map((stage, i) => {
    const at = stages.length - 1 - i;
    const lateral: Value = convolution(net, `${name}.lateral${at}`, stage, width, { ...shifted, kernel: 1 });
    above = above === null ? lateral : net.apply('add', [lateral, enlarged(net, above)]);
    return convolution(net, `${name}.smooth${at}`, above, width, shifted);
  });
  return levels.reverse();
}

function enlarged(net: NetworkBuilder, x: Value): Value {
  return net.apply('resize', [x], { mode: 'nearest', factors: x.shape.slice(3).map(() => 2) });
}

export interface HeadOptions {
  /** Convolutions with ReLU before the last one. */
  readonly depth: number;
  /** Numbers per place. */
  readonly outputs: number;
  /** Bias at the start: -log((1 - p) / p) where a share p of the places holds something (Lin and others 2017b). */
  readonly start?: number;
}

/** One head with shared weights for all levels (Lin and others 2017b): [K, N, outputs, H, W] of each. */
export function pyramidHead(
  net: NetworkBuilder,
  name: string,
  levels: readonly Value[],
  { depth, outputs, start = 0 }: HeadOptions,
): Value[] {
  const width = channelsOf(levels[0]!);
  const weights = Array.from({ length: depth + 1 }, (_, i) => {
    const to = i < depth ? width : outputs;
    const w = net.parameter(`${name}.${i}.w`, ['K', to, width, 3, 3], { kind: 'normal', deviation: 0.01 });
    const first = { kind: 'constant', value: i < depth ? 0 : start } as const;
    return [w, net.parameter(`${name}.${i}.b`, ['K', to], first, { decay: 0 })];
  });
  return levels.map((level) =>
    weights.reduce((h, shared, i) => {
      const out = net.apply('conv', [h, ...shared], { pads: [1, 1, 1, 1] });
      return i < depth ? net.apply('relu', [out]) : out;
    }, level),
  );
}
