/** Small instances of the layers of images and series. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import { convNextBlock, convNextDownsample, convNextStem } from '../convnext.ts';
import { featurePyramid, pyramidHead } from '../fpn.ts';
import { residualBlock, upBlock } from '../image.ts';
import { fusedMbConv, mbConv, tuckerConv } from '../inverted.ts';
import { groupNorm } from '../norm.ts';
import { temporalBlock } from '../temporal.ts';
import type { LayerCase } from './check-layer.ts';

const image = (net: NetworkBuilder, name = 'x', size = 2, channels = 2): Value =>
  net.input(name, ['K', 3, channels, size, size]);

const flat = (net: NetworkBuilder, x: Value): Value => {
  const count = x.shape.slice(2).reduce<number>((product, d) => product * Number(d), 1);
  return net.apply('reshape', [x], { shape: ['K', 3, count] });
};

export const imageCases: Readonly<Record<string, LayerCase>> = {
  'a residual block': { build: (net) => residualBlock(net, 'r', image(net), 2, { dropPath: 0.3 }) },
  'a strided residual block': { build: (net) => residualBlock(net, 'r', image(net), 3, { stride: 2 }) },
  'an inverted residual block': { build: (net) => mbConv(net, 'm', image(net), 2, { expansion: 2, squeeze: 1 }) },
  'a fused inverted block': {
    build: (net) => fusedMbConv(net, 'm', image(net), 2, { expansion: 2, squeeze: 1, dropPath: 0.2 }),
  },
  'a strided fused block': { build: (net) => fusedMbConv(net, 'm', image(net), 3, { expansion: 2, stride: 2 }) },
  'a Tucker convolution': {
    build: (net) => tuckerConv(net, 't', image(net), 2, { inputRatio: 0.5, outputRatio: 0.75 }),
  },
  'a ConvNeXt block': {
    build: (net) => convNextBlock(net, 'c', image(net), { kernel: 3, expansion: 2, dropPath: 0.2 }),
  },
  'a ConvNeXt stem and step down': {
    build: (net) => convNextDownsample(net, 'd', convNextStem(net, 's', image(net, 'x', 4, 1), 2, 2), 3),
  },
  'a step up of a U-Net': { build: (net) => upBlock(net, 'u', image(net, 'x', 1), image(net, 'skip'), 2) },
  'a feature pyramid with its head': {
    build: (net) => {
      const stages = [image(net, 'fine', 4, 1), image(net, 'middle'), image(net, 'coarse', 1, 3)];
      const levels = featurePyramid(net, 'f', stages, 2);
      const heads = pyramidHead(net, 'h', levels, { depth: 1, outputs: 2, start: -2 });
      return net.apply(
        'concat',
        heads.map((head) => flat(net, head)),
        { axis: -1 },
      );
    },
  },
  'group normalisation': { build: (net) => groupNorm(net, 'g', net.input('x', ['K', 2, 4, 2, 1]), 2), members: 2 },
  'a temporal block': {
    build: (net) =>
      temporalBlock(net, 't', net.input('x', ['K', 2, 2, 4]), 3, { kernel: 2, dilation: 2, dropout: 0.2 }),
    members: 2,
  },
};
