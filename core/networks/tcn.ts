/** Temporal convolutional network for classifying series (Bai, Kolter and Koltun 2018). */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { sizeOf } from '../layers/axis.ts';
import { dense } from '../layers/dense.ts';
import { lecun } from '../layers/init.ts';
import { dilationsFor, temporalBlock } from '../layers/temporal.ts';
import { classify } from './outputs.ts';

export interface TcnSizes {
  readonly steps: number;
  readonly channels: number;
  /** Channels of every block; there are as many blocks as let the last step see all others. */
  readonly width: number;
  readonly kernel: number;
  readonly classes: number;
  readonly dropout?: number;
  /** What the head reads: the last step where not stated, as in the paper, or the mean or all of them. */
  readonly read?: 'last' | 'mean' | 'all';
  readonly smoothing?: number;
}

/** Input `x` [K, N, steps, channels]; ends as in `classify`. */
export function tcn(sizes: TcnSizes): Network {
  const { steps, channels, width, kernel, classes, dropout = 0, read = 'last', smoothing } = sizes;
  const net = new NetworkBuilder();
  let h = net.apply('transpose', [net.input('x', ['K', 'N', steps, channels])], { perm: [0, 1, 3, 2] });
  dilationsFor(steps, kernel).forEach((dilation, i) => {
    h = temporalBlock(net, `block${i}`, h, width, { kernel, dilation, dropout });
  });
  if (read === 'last') h = net.apply('slice', [h], { axis: 3, start: steps - 1, end: steps });
  if (read === 'mean') h = net.apply('reduce-mean', [h], { axes: [3] });
  const features = net.apply('reshape', [h], { shape: ['K', 'N', width * sizeOf(h, 3)] });
  classify(net, dense(net, 'head', features, classes, { init: lecun }), { smoothing });
  return net.build();
}
