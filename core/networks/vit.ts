/** Vision transformer (Dosovitskiy and others 2021). */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { small, zeros } from '../layers/init.ts';
import { layerNorm } from '../layers/norm.ts';
import { classToken, firstToken, meanToken, patchTokens } from '../layers/tokens.ts';
import { learnedPositions, transformerBlock } from '../layers/transformer.ts';
import { classify } from './outputs.ts';

export interface VitSizes {
  readonly channels: number;
  readonly size: readonly number[];
  readonly patch: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Hidden features of the feed-forward part as a multiple of the width; 4 where not stated. */
  readonly expansion?: number;
  readonly classes: number;
  /** What the head reads: the mean of the tokens where not stated, or a class token as in the paper. */
  readonly pool?: 'mean' | 'token';
  readonly dropout?: number;
  readonly dropPath?: number;
  readonly smoothing?: number;
}

/** Input `x` [K, N, channels, ...size]; blocks with GELU, a last normalisation, a head that starts at 0; ends as in `classify`. */
export function vit(sizes: VitSizes): Network {
  const { channels, size, patch, width, depth, heads, expansion = 4, classes, pool = 'mean', smoothing } = sizes;
  const { dropout = 0, dropPath = 0 } = sizes;
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', channels, ...size]);
  const patches = patchTokens(net, 'patch', x, width, { patch });
  const tokens = pool === 'token' ? classToken(net, 'token', patches) : patches;
  let h = net.apply('dropout', [learnedPositions(net, 'positions', tokens)], { rate: dropout });
  const options = { heads, hidden: expansion * width, gate: 'gelu', shifted: true, init: small } as const;
  for (let i = 0; i < depth; i++) {
    const rate = depth > 1 ? (dropPath * i) / (depth - 1) : dropPath;
    h = transformerBlock(net, `block${i}`, h, { ...options, dropout, hiddenDropout: dropout, dropPath: rate });
  }
  const read = pool === 'token' ? firstToken(net, h) : meanToken(net, h);
  classify(net, dense(net, 'head', layerNorm(net, 'norm', read), classes, { init: () => zeros }), { smoothing });
  return net.build();
}
