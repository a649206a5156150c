/** Networks of inverted, fused and Tucker blocks (MobileNetV2, EfficientNet, MobileDets), block by block. */
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { convBlock } from '../layers/image.ts';
import { fusedMbConv, type InvertedOptions, mbConv, type TuckerOptions, tuckerConv } from '../layers/inverted.ts';
import { classify } from './outputs.ts';

export type MobileBlock =
  | ({ readonly kind: 'inverted' | 'fused'; readonly width: number } & InvertedOptions)
  | ({ readonly kind: 'tucker'; readonly width: number } & TuckerOptions);

export interface MobileSizes {
  readonly channels: number;
  readonly size: readonly number[];
  /** Channels and stride of the first convolution. */
  readonly stem: { readonly width: number; readonly stride: number };
  readonly blocks: readonly MobileBlock[];
  /** Channels of the pointwise convolution before the mean over places. */
  readonly head: number;
  readonly classes: number;
  readonly dropout?: number;
  readonly smoothing?: number;
}

function added(net: NetworkBuilder, name: string, x: Value, block: MobileBlock): Value {
  if (block.kind === 'tucker') return tuckerConv(net, name, x, block.width, block);
  return (block.kind === 'fused' ? fusedMbConv : mbConv)(net, name, x, block.width, block);
}

/** Input `x` [K, N, channels, ...size]; ends as in `classify`. */
export function mobile(sizes: MobileSizes): Network {
  const { channels, size, stem, blocks, head, classes, dropout = 0, smoothing } = sizes;
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', channels, ...size]);
  let h = convBlock(net, 'stem', x, stem.width, { stride: stem.stride, activation: 'silu' });
  blocks.forEach((block, i) => {
    h = added(net, `block${i}`, h, block);
  });
  h = convBlock(net, 'last', h, head, { kernel: 1, activation: 'silu' });
  const pooled = net.apply('dropout', [net.apply('global-average-pool', [h], { axes: size.length })], {
    rate: dropout,
  });
  classify(net, dense(net, 'head', pooled, classes), { smoothing });
  return net.build();
}
