/** TabM-mini: an ensemble of networks over a table that share all but a factor per feature and their heads (Gorishniy, Kotelnikov and Babenko 2024). */
import { type Init, type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { multipleOf } from '../ir/shape.ts';
import { sizeOf } from '../layers/axis.ts';
import { dense } from '../layers/dense.ts';
import { memberFactors, separateDense } from '../layers/ensemble-dense.ts';
import { byInputs } from '../layers/init.ts';
import { joinTokens } from '../layers/numeric-embedding.ts';
import { type NumberEmbedding, type TableSizes, tableTokens } from './table.ts';

export interface TabmSizes extends TableSizes {
  /** Members of the ensemble, 32 in the paper. */
  readonly ensemble: number;
  readonly embedding?: NumberEmbedding;
  /** Numbers per category. */
  readonly categoryWidth?: number;
  /** Units of the shared hidden layers. */
  readonly hidden: readonly number[];
  readonly dropout?: number;
  /** Classes, or values to predict. */
  readonly outputs: number;
  readonly task: 'classification' | 'regression';
}

/**
 * Inputs as in `table.ts` and `y` [K, N, outputs]. The output `loss` [K] is the mean loss of the ensemble's members,
 * `prediction` the mean of their probabilities or values, [K, N, outputs].
 */
export function tabmMini(sizes: TabmSizes): Network {
  const { ensemble, embedding = { kind: 'plain' }, categoryWidth = 8, hidden, dropout = 0, outputs, task } = sizes;
  const net = new NetworkBuilder();
  const groups = tableTokens(net, sizes, embedding, categoryWidth).map((tokens, i) => {
    // A member starts with one factor for all numbers of a column: their signs alone where a column is one number.
    const each = sizeOf(tokens, 3);
    const start: Init = embedding.kind === 'plain' ? { kind: 'signs', each } : { kind: 'normal', deviation: 1, each };
    const flat = joinTokens(net, tokens);
    const shape = [flat.shape[0]!, 1, flat.shape[1]!, sizeOf(flat, -1)];
    return memberFactors(net, `factors${i}`, net.apply('reshape', [flat], { shape }), ensemble, start);
  });
  let h = groups.length === 1 ? groups[0]! : net.apply('concat', groups, { axis: 3 });
  hidden.forEach((width, i) => {
    h = net.apply('relu', [dense(net, `hidden${i}`, h, width, { init: byInputs, bias: byInputs })]);
    h = net.apply('dropout', [h], { rate: dropout });
  });
  finish(net, separateDense(net, 'head', h, outputs), ensemble, task);
  return net.build();
}

/** Ends in values of every member [K, M, N, C]. */
function finish(net: NetworkBuilder, values: Value, members: number, task: TabmSizes['task']): void {
  const outputs = sizeOf(values, -1);
  const y = net.input('y', ['K', 'N', outputs]);
  const one = net.apply('reshape', [y], { shape: ['K', 1, 'N', outputs] });
  const each = net.apply('expand', [one, y], { shape: ['K', members, 'N', outputs] });
  const rows = { shape: ['K', multipleOf(members, 'N'), outputs] };
  const pair = [values, each].map((v) => net.apply('reshape', [v], rows));
  const classes = task === 'classification';
  const loss = classes ? net.apply('cross-entropy', pair, { smoothing: 0 }) : net.apply('mse', pair);
  net.output('loss', classes || outputs === 1 ? loss : net.apply('scale', [loss], { factor: 1 / outputs }));
  const answers = classes ? net.apply('softmax', [values]) : values;
  const mean = net.apply('reduce-mean', [answers], { axes: [1] });
  net.output('prediction', net.apply('reshape', [mean], { shape: ['K', 'N', outputs] }));
}
