/** Plain convolutional network. */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { convolution } from '../layers/image.ts';
import { classify } from './outputs.ts';

export interface CnnSizes {
  readonly channels: number;
  /** Height and width, or the length of a series. */
  readonly size: readonly number[];
  /** Channels after each convolution; every one is halved in size by a maximum. */
  readonly widths: readonly number[];
  /** Units of the dense layer before the classes. */
  readonly hidden: number;
  readonly classes: number;
}

/**
 * Input `x` [K, N, channels, ...size]. The maximum is taken before the ReLU, which is the same function and a quarter of
 * the work. Ends as in `classify`.
 */
export function cnn({ channels, size, widths, hidden, classes }: CnnSizes): Network {
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', channels, ...size]);
  widths.forEach((width, i) => {
    const convolved = convolution(net, `conv${i}`, h, width, { bias: true });
    h = net.apply('relu', [net.apply('max-pool', [convolved], { kernel: size.map(() => 2) })]);
  });
  const flat = h.shape.slice(2).reduce<number>((product, d) => product * Number(d), 1);
  const rows = net.apply('reshape', [h], { shape: ['K', 'N', flat] });
  classify(net, dense(net, 'head', net.apply('relu', [dense(net, 'hidden', rows, hidden)]), classes));
  return net.build();
}
