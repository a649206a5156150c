/** Image networks of a chain of inverted blocks that a design of the macro space chooses. */
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { channelsOf, convBlock } from '../layers/image.ts';
import { mbConv } from '../layers/inverted.ts';
import type { MacroOption } from '../spaces/macro.ts';
import type { Design } from '../spaces/space.ts';
import { classify } from './outputs.ts';

export interface MacroSizes {
  readonly channels: number;
  readonly size: readonly [number, number];
  /** Channels of the first convolution. */
  readonly stem: number;
  /** Channels and stride of every searched layer. */
  readonly layers: readonly { readonly width: number; readonly stride: number }[];
  readonly classes: number;
}

const blocks: Readonly<
  Record<Exclude<MacroOption, 'identity'>, { readonly expansion: number; readonly kernel: number }>
> = { mb3_k3: { expansion: 3, kernel: 3 }, mb6_k5: { expansion: 6, kernel: 5 } };

/** A layer left out still has to bring its input to the next one's channels and size. */
function identity(net: NetworkBuilder, name: string, x: Value, width: number, stride: number): Value {
  if (stride === 1 && channelsOf(x) === width) return x;
  return convBlock(net, name, x, width, { kernel: 1, stride, activation: 'none' });
}

/** Input `x` [K, N, channels, height, width]; ends as in `classify`. */
export function macro(design: Design, { channels, size, stem, layers, classes }: MacroSizes): Network {
  const net = new NetworkBuilder();
  let h = convBlock(net, 'stem', net.input('x', ['K', 'N', channels, ...size]), stem, { activation: 'silu' });
  layers.forEach(({ width, stride }, i) => {
    const name = `layer${i + 1}`;
    const option = design[name] as MacroOption;
    h =
      option === 'identity'
        ? identity(net, name, h, width, stride)
        : mbConv(net, name, h, width, { ...blocks[option], stride });
  });
  classify(net, dense(net, 'head', net.apply('global-average-pool', [h], { axes: 2 }), classes));
  return net.build();
}
