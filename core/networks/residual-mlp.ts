/** Residual network of dense layers over tables (Gorishniy and others 2021). */
import { type Network, NetworkBuilder } from '../ir/network.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { dense } from '../layers/dense.ts';
import { byInputs } from '../layers/init.ts';
import { type ResidualDenseOptions, residualDense } from '../layers/residual-mlp.ts';
import { classify, regress } from './outputs.ts';
import { type NumberEmbedding, type TableSizes, tableFeatures } from './table.ts';

export interface ResidualMlpSizes extends TableSizes, ResidualDenseOptions {
  readonly embedding?: NumberEmbedding;
  /** Numbers per category. */
  readonly categoryWidth?: number;
  readonly width: number;
  readonly blocks: number;
  /** Classes, or values to predict. */
  readonly outputs: number;
  readonly task: 'classification' | 'regression';
}

/** Inputs as in `table.ts`; a dense layer, blocks, normalisation, ReLU and `head`; ends as in `classify` or `regress`. */
export function residualMlp(sizes: ResidualMlpSizes): Network {
  const { embedding = { kind: 'plain' }, categoryWidth = 8, width, blocks, outputs, task } = sizes;
  const net = new NetworkBuilder();
  const start = { init: byInputs, bias: byInputs };
  let h = dense(net, 'first', tableFeatures(net, sizes, embedding, categoryWidth), width, start);
  for (let i = 0; i < blocks; i++) h = residualDense(net, `block${i}`, h, sizes);
  const read = net.apply('relu', [batchNorm(net, 'norm', h)]);
  const end = task === 'classification' ? classify : regress;
  end(net, dense(net, 'head', read, outputs, start));
  return net.build();
}
