/** The network of a design: scaled inputs and embeddings, hidden layers in NTK form, logits or one value. */
import type { Target } from '../../contracts/learner.ts';
import { type Network, NetworkBuilder, type Value } from '../../ir/network.ts';
import { embedding } from '../../layers/embedding.ts';
import { joinTokens, pbldEmbedding } from '../../layers/numeric-embedding.ts';
import { hiddenLayers, linear } from './architecture.ts';
import { COLUMN_WIDTH, columnEmbedding, type NumberPlaces } from './column-embedding.ts';
import { ensembleOf, type MlpDesign } from './design.ts';
import { allMembers, type InputPart, joined, meanOverMembers, membersApart, spreadOverMembers } from './ensemble.ts';

/** Numbers per embedded category. */
export const EMBEDDING = 8;
/** Cosines per numeric column. */
export const FREQUENCIES = 16;
/** Numbers per numeric column that the cosines are mixed into. */
export const MIXED = 3;

export interface MlpShape extends NumberPlaces {
  /** The first columns of the dense part that may get cosines. */
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

/**
 * Inputs `x` [lead, N, dense] and `e` int64 [lead, N, embedded] as far as they exist, where `lead` is K (each member its
 * own rows) or 1 (all members the same rows); with a loss also `y` and `w`. Outputs `prediction` [K, N, outputs]:
 * probabilities or values, the pre-activation of each linear layer, and `loss`.
 */
export function mlpNetwork(design: MlpDesign, shape: MlpShape, lead: 'K' | 1, loss: MlpLoss | null): Network {
  const net = new NetworkBuilder();
  const ensemble = ensembleOf(design);
  const parts = inputParts(net, design, shape, lead);
  const read = ensemble === 1 ? joined(net, parts) : spreadOverMembers(net, parts, ensemble);
  const hidden = hiddenLayers(net, design, read);
  const head = linear(net, 'head', ensemble === 1 ? hidden : membersApart(net, hidden, ensemble), shape.outputs);
  const regression = loss?.problem === 'regression' || shape.outputs === 1;
  const answers = regression ? head : net.apply('softmax', [head]);
  net.output('prediction', ensemble === 1 ? answers : meanOverMembers(net, answers));
  if (loss) {
    const y = net.input('y', ['K', 'N', shape.outputs]);
    const others = loss.weighted ? [y, net.input('w', ['K', 'N', 1])] : [y];
    const operands = ensemble === 1 ? [head, ...others] : allMembers(net, head, others);
    const kind = regression ? 'mse' : 'cross-entropy';
    net.output('loss', net.apply(kind, operands, regression ? {} : { smoothing: loss.smoothing }));
  }
  return net.build();
}

/** What the first layer reads: numbers, their embeddings, embedded categories. */
function inputParts(net: NetworkBuilder, design: MlpDesign, shape: MlpShape, lead: 'K' | 1): InputPart[] {
  const parts: InputPart[] = [];
  const scaled = (name: string, value: Value, columns: number): Value => {
    // The scaling layer: one factor per input, learnt six times as fast; decay grows with the square of that.
    const factor = net.parameter(
      `scale.${name}`,
      ['K', 1, columns],
      { kind: 'constant', value: 1 },
      { rate: 6, decay: 36 },
    );
    return net.apply('mul', [value, factor]);
  };
  if (shape.dense > 0) {
    const x = net.input('x', [lead, 'N', shape.dense]);
    const numbers = scaled('x', x, shape.dense);
    if (readsColumns(design, shape)) {
      const { embedded, rest } = columnEmbedding(net, numbers, shape);
      parts.push({ value: embedded, each: COLUMN_WIDTH }, ...(rest ? [{ value: rest, each: 1 }] : []));
    } else parts.push({ value: numbers, each: 1 });
    if (design.numericEmbedding === 'pbld' && shape.continuous > 0) {
      const c = shape.continuous;
      const columns = c === shape.dense ? x : net.apply('slice', [x], { axis: 2, start: 0, end: c });
      const waves = { frequencies: FREQUENCIES, mixes: MIXED, scale: design.frequencyScale };
      const mixed = joinTokens(net, pbldEmbedding(net, 'pbld', columns, waves));
      parts.push({ value: scaled('pbld', mixed, c * MIXED), each: MIXED });
    }
  }
  if (shape.embedded > 0) {
    const e = net.input('e', [lead, 'N', shape.embedded], 'int64');
    const vectors = joinTokens(net, embedding(net, 'embedding', e, shape.tableRows, EMBEDDING));
    parts.push({ value: scaled('e', vectors, shape.embedded * EMBEDDING), each: EMBEDDING });
  }
  return parts;
}

/** Whether the members of an ensemble read columns embedded by pieces; one network takes the pieces as they are. */
const readsColumns = (design: MlpDesign, { pieces }: NumberPlaces): boolean =>
  design.architecture === 'tabm' && design.numericEmbedding === 'ple' && pieces > 0;
