/**
 * One vector for every graph of a batch. Graphs are filled up to one number of nodes, x [K, N, V, F] with `present`
 * [K or 1, N, V, 1] (`masked.ts`), or lie one after the other in a list of nodes [K, V, F] with the graph of each.
 */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { dense } from './dense.ts';
import { glorot } from './init.ts';
import { maskedAttention, maskedMax, maskedMean, maskedSum } from './masked.ts';

export interface Padded {
  readonly present: Value;
}

export interface Listed {
  /** Graph of every node, int64 [K or 1, V]. */
  readonly graphs: Value;
  /** Graphs of the batch. */
  readonly count: number;
}

/** What becomes of a graph's nodes; of `attention` the sum weighted by the softmax of a learned score, `name`.w. */
export const readouts = ['sum', 'mean', 'max', 'attention'] as const;
export type Readout = (typeof readouts)[number];

/** The graphs as [K, N, F]; a graph without nodes is 0. */
export function readout(net: NetworkBuilder, name: string, x: Value, batch: Padded | Listed, kind: Readout): Value {
  return 'present' in batch ? ofPadded(net, name, x, batch.present, kind) : ofListed(net, name, x, batch, kind);
}

function ofPadded(net: NetworkBuilder, name: string, x: Value, present: Value, kind: Readout): Value {
  if (kind === 'attention') return maskedAttention(net, name, x, present);
  return { sum: maskedSum, mean: maskedMean, max: maskedMax }[kind](net, x, present);
}

function ofListed(net: NetworkBuilder, name: string, x: Value, { graphs, count }: Listed, kind: Readout): Value {
  const segments = { rows: count };
  if (kind !== 'attention') {
    const op = { sum: 'scatter-add', mean: 'segment-mean', max: 'segment-max' }[kind];
    return net.apply(op, [x, graphs], segments);
  }
  const scores = dense(net, name, x, 1, { init: glorot, bias: null });
  const shares = net.apply('segment-softmax', [scores, graphs], segments);
  return net.apply('scatter-add', [net.apply('mul', [x, shares]), graphs], segments);
}
