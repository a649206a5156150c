/** Classifier of sequences by the last state of an LSTM or a GRU. */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { lastPresent } from '../layers/masked.ts';
import { lastState, type RecurrentKind, recurrent } from '../layers/recurrent.ts';
import { classify } from './outputs.ts';

export interface RecurrentSizes {
  readonly kind: RecurrentKind;
  readonly steps: number;
  readonly inputs: number;
  /** Units of the layers, one above the other. */
  readonly hidden: readonly number[];
  readonly classes: number;
  /** On what the head reads. */
  readonly dropout?: number;
  /** Whether sequences end early: then an input `present` [K, N, steps, 1] is 1 for the steps that there are, from the first on. */
  readonly padded?: boolean;
}

/** Input `x` [K, N, steps, inputs]; layers `layer0`, … and `head`; ends as in `classify`. */
export function recurrentClassifier(sizes: RecurrentSizes): Network {
  const { kind, steps, inputs, hidden, classes, dropout = 0, padded = false } = sizes;
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', steps, inputs]);
  hidden.forEach((width, i) => {
    const read = i < hidden.length - 1 || padded ? recurrent : lastState;
    h = read(net, `layer${i}`, h, kind, width);
  });
  if (padded) h = lastPresent(net, h, net.input('present', ['K', 'N', steps, 1]));
  classify(net, dense(net, 'head', net.apply('dropout', [h], { rate: dropout }), classes));
  return net.build();
}
