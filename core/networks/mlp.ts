/** Multi-layer perceptron. */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { type Activation, activated } from '../layers/activation.ts';
import { dense } from '../layers/dense.ts';
import { classify } from './outputs.ts';

export interface MlpSizes {
  readonly inputs: number;
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly classes: number;
  /** ReLU where not stated. */
  readonly activation?: Activation;
  readonly dropout?: number;
}

/** Input `x` [K, N, inputs]; dense layers `hidden0`, `hidden1`, … and `head`; ends as in `classify`. */
export function mlp({ inputs, hidden, classes, activation = 'relu', dropout = 0 }: MlpSizes): Network {
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', inputs]);
  hidden.forEach((width, i) => {
    h = activated(net, dense(net, `hidden${i}`, h, width), activation);
    h = net.apply('dropout', [h], { rate: dropout });
  });
  classify(net, dense(net, 'head', h, classes));
  return net.build();
}
