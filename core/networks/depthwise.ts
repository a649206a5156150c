/** Depthwise-separable convolutions (Chollet 2017; Howard and others 2017). */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { convolution } from '../layers/image.ts';
import { classify } from './outputs.ts';

export interface DepthwiseSizes {
  readonly channels: number;
  readonly size: readonly number[];
  /** Channels after each pair of a depthwise and a pointwise convolution. */
  readonly widths: readonly number[];
  readonly classes: number;
}

/** Input `x` [K, N, channels, ...size]; pairs of convolutions with ReLU, the mean over places, ends as in `classify`. */
export function depthwise({ channels, size, widths, classes }: DepthwiseSizes): Network {
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', channels, ...size]);
  let group = channels;
  widths.forEach((width, i) => {
    h = net.apply('relu', [convolution(net, `depth${i}`, h, group, { group, bias: true })]);
    h = net.apply('relu', [convolution(net, `point${i}`, h, width, { kernel: 1, bias: true })]);
    group = width;
  });
  classify(net, dense(net, 'head', net.apply('global-average-pool', [h], { axes: size.length }), classes));
  return net.build();
}
