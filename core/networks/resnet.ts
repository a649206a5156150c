/** Residual network for small images (He and others 2016, section 4.2). */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { convBlock, residualBlock } from '../layers/image.ts';
import { classify } from './outputs.ts';

export interface ResNetSizes {
  readonly channels: number;
  readonly size: readonly number[];
  /** Channels of each stage; every stage but the first halves the size. */
  readonly widths: readonly number[];
  /** Blocks of two convolutions in each stage. */
  readonly blocks: number;
  readonly classes: number;
  readonly smoothing?: number;
  /** Share of the rows whose last branch is left out; earlier ones less, down to none (Huang and others 2016). */
  readonly dropPath?: number;
}

/** Input `x` [K, N, channels, ...size]; ends as in `classify`. Of depth 2 · stages · blocks + 2. */
export function resnet(sizes: ResNetSizes): Network {
  const { channels, size, widths, blocks, classes, smoothing, dropPath = 0 } = sizes;
  const net = new NetworkBuilder();
  let h = convBlock(net, 'stem', net.input('x', ['K', 'N', channels, ...size]), widths[0]!);
  const last = Math.max(1, widths.length * blocks - 1);
  widths.forEach((width, s) => {
    for (let b = 0; b < blocks; b++) {
      const stride = s > 0 && b === 0 ? 2 : 1;
      h = residualBlock(net, `block${s}${b}`, h, width, { stride, dropPath: (dropPath * (s * blocks + b)) / last });
    }
  });
  const pooled = net.apply('global-average-pool', [h], { axes: size.length });
  classify(net, dense(net, 'head', pooled, classes), { smoothing });
  return net.build();
}

/** Three stages of one block: 16, 32 and 64 channels, 8 layers with weights. */
export const resnet8 = (options: Omit<ResNetSizes, 'widths' | 'blocks'>): Network =>
  resnet({ ...options, widths: [16, 32, 64], blocks: 1 });
