/** The network of a design: scaled inputs and embeddings, hidden layers in NTK form, logits or one value. */
import type { Target } from '../../contracts/learner.ts';
import { type Network, NetworkBuilder, type Value } from '../../ir/network.ts';
import { embedding } from '../../layers/embedding.ts';
import { joinTokens, pbldEmbedding } from '../../layers/numeric-embedding.ts';
import type { MlpDesign } from './design.ts';

/** Numbers per embedded category. */
export const EMBEDDING = 8;
/** Cosines per numeric column. */
export const FREQUENCIES = 16;
/** Numbers per numeric column that the cosines are mixed into. */
export const MIXED = 3;

export interface MlpShape {
  readonly dense: number;
  /** The first columns of the dense part that may get a numeric embedding. */
  readonly continuous: number;
  readonly embedded: number;
  readonly tableRows: number;
  readonly outputs: number;
}

export interface MlpLoss {
  readonly problem: Target['problem'];
  readonly smoothing: number;
  readonly weighted: boolean;
}

/** Names of the linear layers in order; layer `i` has parameters `<name>.w` and `<name>.b` and the output `<name>.pre`. */
export const linearNames = (layers: number): string[] => [
  ...Array.from({ length: layers }, (_, i) => `hidden${i}`),
  'head',
];

/**
 * Inputs `x` [lead, N, dense] and `e` int64 [lead, N, embedded] as far as they exist, where `lead` is K (each member its
 * own rows) or 1 (all members the same rows); with a loss also `y` and `w`. Outputs `prediction` [K, N, outputs]:
 * probabilities or values, the pre-activation of each linear layer, and `loss`.
 */
export function mlpNetwork(design: MlpDesign, shape: MlpShape, lead: 'K' | 1, loss: MlpLoss | null): Network {
  const net = new NetworkBuilder();
  const parts: Value[] = [];
  let width = 0;
  const take = (name: string, value: Value, columns: number): void => {
    // The scaling layer: one factor per input, learnt six times as fast; decay grows with the square of that.
    const factor = net.parameter(
      `scale.${name}`,
      ['K', 1, columns],
      { kind: 'constant', value: 1 },
      { rate: 6, decay: 36 },
    );
    parts.push(net.apply('mul', [value, factor]));
    width += columns;
  };
  if (shape.dense > 0) {
    const x = net.input('x', [lead, 'N', shape.dense]);
    take('x', x, shape.dense);
    if (design.numericEmbedding === 'pbld' && shape.continuous > 0) {
      const c = shape.continuous;
      const columns = c === shape.dense ? x : net.apply('slice', [x], { axis: 2, start: 0, end: c });
      const waves = { frequencies: FREQUENCIES, mixes: MIXED, scale: design.frequencyScale };
      take('pbld', joinTokens(net, pbldEmbedding(net, 'pbld', columns, waves)), c * MIXED);
    }
  }
  if (shape.embedded > 0) {
    const e = net.input('e', [lead, 'N', shape.embedded], 'int64');
    const vectors = embedding(net, 'embedding', e, shape.tableRows, EMBEDDING);
    take('e', joinTokens(net, vectors), shape.embedded * EMBEDDING);
  }
  let h = parts.length === 1 ? parts[0]! : net.apply('concat', parts, { axis: 2 });
  linearNames(design.layers).forEach((name, i) => {
    const units = i < design.layers ? design.width : shape.outputs;
    // x·W/sqrt(inputs) with W ~ N(0, 1): the factor is kept inside the weights and their learning rate, which is the
    // same under Adam and saves a pass over the activations.
    const ntk = 1 / Math.sqrt(width);
    const w = net.parameter(`${name}.w`, ['K', width, units], { kind: 'normal', deviation: ntk }, { rate: ntk });
    const b = net.parameter(`${name}.b`, ['K', 1, units], { kind: 'constant', value: 0 }, { rate: 0.1, decay: 0 });
    h = net.apply('gemm', [h, w, b]);
    net.output(`${name}.pre`, h);
    if (i === design.layers) return;
    h = net.apply('dropout', [net.apply(design.activation, [h])], { rate: design.dropout });
    width = units;
  });
  const regression = loss?.problem === 'regression' || shape.outputs === 1;
  net.output('prediction', regression ? h : net.apply('softmax', [h]));
  if (loss) {
    const y = net.input('y', ['K', 'N', shape.outputs]);
    const weights = loss.weighted ? [net.input('w', ['K', 'N', 1])] : [];
    const kind = regression ? 'mse' : 'cross-entropy';
    net.output('loss', net.apply(kind, [h, y, ...weights], regression ? {} : { smoothing: loss.smoothing }));
  }
  return net.build();
}
