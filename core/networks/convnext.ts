/** ConvNeXt (Liu and others 2022). */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { convNextBlock, convNextDownsample, convNextStem } from '../layers/convnext.ts';
import { dense } from '../layers/dense.ts';
import { small } from '../layers/init.ts';
import { layerNorm } from '../layers/norm.ts';
import { classify } from './outputs.ts';

export interface ConvNextSizes {
  readonly channels: number;
  readonly size: readonly number[];
  /** Places of a patch of the stem along each axis; 4 in the paper. */
  readonly patch: number;
  /** Channels of each stage; every stage but the first halves the size. */
  readonly widths: readonly number[];
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** 7 where not stated. */
  readonly kernel?: number;
  readonly classes: number;
  /** Share of the rows whose last branch is left out; earlier ones less, down to none. */
  readonly dropPath?: number;
  readonly smoothing?: number;
}

/** Input `x` [K, N, channels, ...size]; ends as in `classify`. */
export function convNext(sizes: ConvNextSizes): Network {
  const { channels, size, patch, widths, depths, kernel, classes, dropPath = 0, smoothing } = sizes;
  const net = new NetworkBuilder();
  let h = convNextStem(net, 'stem', net.input('x', ['K', 'N', channels, ...size]), widths[0]!, patch);
  const last = Math.max(1, depths.reduce((a, b) => a + b, 0) - 1);
  let done = 0;
  widths.forEach((width, stage) => {
    if (stage > 0) h = convNextDownsample(net, `down${stage}`, h, width);
    for (let b = 0; b < depths[stage]!; b++) {
      h = convNextBlock(net, `block${stage}.${b}`, h, { kernel, dropPath: (dropPath * done++) / last });
    }
  });
  const pooled = net.apply('global-average-pool', [h], { axes: size.length });
  classify(net, dense(net, 'head', layerNorm(net, 'norm', pooled, 1e-6), classes, { init: small }), { smoothing });
  return net.build();
}
