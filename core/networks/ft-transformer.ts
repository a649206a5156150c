/** FT-Transformer: a transformer over the columns of a table (Gorishniy and others 2021). */
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { byInputs, symmetric } from '../layers/init.ts';
import { layerNorm } from '../layers/norm.ts';
import { classToken, firstToken } from '../layers/tokens.ts';
import { transformerBlock } from '../layers/transformer.ts';
import { classify, regress } from './outputs.ts';
import { type NumberEmbedding, type TableSizes, tableTokens } from './table.ts';

export interface FtTransformerSizes extends TableSizes {
  /** Width of tokens, a multiple of the heads. */
  readonly width: number;
  readonly blocks: number;
  readonly heads: number;
  /** A linear embedding of the same width, as in the paper, where not stated. */
  readonly embedding?: NumberEmbedding;
  /** Classes, or values to predict. */
  readonly outputs: number;
  readonly task: 'classification' | 'regression';
  /** 0.2 of the attention weights and 0.1 of the hidden features in the paper; none where not stated. */
  readonly weightDropout?: number;
  readonly hiddenDropout?: number;
}

/**
 * Inputs as in `table.ts`; a token per column and one for the answer, ReGLU blocks of 4/3 hidden features whose first does
 * not normalise what it attends to; ends as in `classify` or `regress`.
 */
export function ftTransformer(sizes: FtTransformerSizes): Network {
  const { width, blocks, heads, outputs, task, weightDropout, hiddenDropout } = sizes;
  const { embedding = { kind: 'linear', width } } = sizes;
  const net = new NetworkBuilder();
  const columns = tableTokens(net, sizes, embedding, width);
  const tokens = columns.length === 1 ? columns[0]! : net.apply('concat', columns, { axis: 2 });
  let h: Value = classToken(net, 'answer', tokens, symmetric(1 / Math.sqrt(width)));
  const options = { heads, hidden: Math.floor((width * 4) / 3), gate: 'reglu', shifted: true, init: byInputs } as const;
  for (let i = 0; i < blocks; i++) {
    h = transformerBlock(net, `block${i}`, h, { ...options, firstNorm: i > 0, weightDropout, hiddenDropout });
  }
  const read = net.apply('relu', [layerNorm(net, 'norm', firstToken(net, h))]);
  const end = task === 'classification' ? classify : regress;
  end(net, dense(net, 'head', read, outputs, { init: byInputs, bias: byInputs }));
  return net.build();
}
