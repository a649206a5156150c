/** U-Net for segmentation (Ronneberger, Fischer and Brox 2015), with padding and batch normalisation. */
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { convBlock, convolution, upBlock } from '../layers/image.ts';
import { glorot } from '../layers/init.ts';

export interface UNetSizes {
  readonly channels: number;
  /** Each a multiple of 2^(levels - 1). */
  readonly size: readonly number[];
  /** Channels of each level, from full size to the smallest. */
  readonly widths: readonly number[];
  /** Weight of the dice loss beside the binary cross-entropy; 1 where not stated. */
  readonly dice?: number;
}

/**
 * Input `x` [K, N, channels, ...size] and `y` [K, N, places], 1 where a place belongs to the mask, else 0. Outputs
 * `loss` (binary cross-entropy per place plus dice, [K]), `logits` and `prediction` (probabilities), both [K, N, places].
 */
export function unet({ channels, size, widths, dice = 1 }: UNetSizes): Network {
  const net = new NetworkBuilder();
  const twice = (name: string, x: Value, width: number): Value =>
    convBlock(net, `${name}.2`, convBlock(net, `${name}.1`, x, width), width);
  let h = net.input('x', ['K', 'N', channels, ...size]);
  const skips: Value[] = [];
  widths.forEach((width, level) => {
    if (level > 0) h = net.apply('max-pool', [h], { kernel: size.map(() => 2) });
    h = twice(`down${level}`, h, width);
    skips.push(h);
  });
  for (let level = widths.length - 2; level >= 0; level--) {
    h = upBlock(net, `up${level}`, h, skips[level]!, widths[level]!);
  }
  const places = size.reduce((a, b) => a * b, 1);
  const mask = convolution(net, 'head', h, 1, { kernel: 1, bias: true, init: glorot });
  const logits = net.apply('reshape', [mask], { shape: ['K', 'N', places] });
  const y = net.input('y', ['K', 'N', places]);
  const perPlace = net.apply('scale', [net.apply('bce', [logits, y], { smoothing: 0 })], { factor: 1 / places });
  const overlap = net.apply('scale', [net.apply('dice', [logits, y], { smooth: 1 })], { factor: dice });
  net.output('loss', dice === 0 ? perPlace : net.apply('add', [perPlace, overlap]));
  net.output('logits', logits);
  net.output('prediction', net.apply('sigmoid', [logits]));
  return net.build();
}
