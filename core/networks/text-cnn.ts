/** Classifier of texts by convolutions over word vectors (Kim 2014). */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { embedding } from '../layers/embedding.ts';
import { lecun, symmetric } from '../layers/init.ts';
import { wordConvolutions } from '../layers/text.ts';
import { classify } from './outputs.ts';

export interface TextCnnSizes {
  /** Words of a text; shorter texts are filled up, longer ones cut, by whoever numbers the words. */
  readonly length: number;
  readonly vocabulary: number;
  readonly width: number;
  /** Lengths of the windows, 3, 4 and 5 in the paper. */
  readonly windows: readonly number[];
  /** Filters of each length. */
  readonly filters: number;
  readonly classes: number;
  /** On the word vectors. */
  readonly wordDropout?: number;
  /** On what the head reads. */
  readonly dropout?: number;
  readonly smoothing?: number;
}

/** Input `x` int64 [K, N, length] of word numbers; word vectors start uniform within 0.25; ends as in `classify`. */
export function textCnn(sizes: TextCnnSizes): Network {
  const { length, vocabulary, width, classes, wordDropout = 0, dropout = 0, smoothing } = sizes;
  const net = new NetworkBuilder();
  const numbers = net.input('x', ['K', 'N', length], 'int64');
  const words = embedding(net, 'words', numbers, vocabulary, width, symmetric(0.25));
  const features = wordConvolutions(net, 'conv', net.apply('dropout', [words], { rate: wordDropout }), sizes);
  const read = net.apply('dropout', [features], { rate: dropout });
  classify(net, dense(net, 'head', read, classes, { init: lecun }), { smoothing });
  return net.build();
}
