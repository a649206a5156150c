/** Classifier of sequences by one attention layer (Vaswani and others 2017). */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { multiHeadAttention } from '../layers/attention.ts';
import { dense } from '../layers/dense.ts';
import { layerNorm } from '../layers/norm.ts';
import { classify } from './outputs.ts';

export interface AttentionSizes {
  readonly steps: number;
  readonly width: number;
  readonly heads: number;
  readonly classes: number;
}

/** Input `x` [K, N, steps, width]; attention beside a shortcut, layer normalisation, the mean of steps; ends as in `classify`. */
export function attentionClassifier({ steps, width, heads, classes }: AttentionSizes): Network {
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', steps, width]);
  const mixed = net.apply('add', [multiHeadAttention(net, 'attention', x, { heads }), x]);
  const normal = layerNorm(net, 'norm', mixed);
  const mean = net.apply('reshape', [net.apply('reduce-mean', [normal], { axes: [2] })], { shape: ['K', 'N', width] });
  classify(net, dense(net, 'head', mean, classes));
  return net.build();
}
