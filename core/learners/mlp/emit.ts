/**
 * Fold models as ONNX nodes: folds with equal preparation share it, and run as one chain of batched products. Folds that
 * are ensembles run one after the other: each is a batch of products already, and many rows would fill the memory with all.
 */
import type { FeatureTensors, FoldModel, Target } from '../../contracts/learner.ts';
import { emitForward } from '../../ir/emit.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import { Emitter } from '../../ops/emitter.ts';
import { readParameter } from '../../train/state.ts';
import { ensembleOf } from './design.ts';
import { emitPreparation, type PreparedTensors } from './prepare-graph.ts';
import { type FoldState, inferenceNetwork, networksIn, readFoldModel } from './state.ts';

interface Fold {
  readonly fold: FoldState;
  readonly parameters: Float32Array;
}

/** See `Learner.emit`. */
export function emitMlp(
  graph: GraphBuilder,
  models: readonly FoldModel[],
  input: FeatureTensors,
  target: Pick<Target, 'problem' | 'classes'>,
): string {
  if (models.length === 0) throw new RangeError('There is no fold to export.');
  const groups = new Map<string, Fold[]>();
  const tensors = new Map<string, PreparedTensors>();
  const preparedOf = ({ fold: { preparation } }: Fold): PreparedTensors => {
    const key = JSON.stringify(preparation);
    const found = tensors.get(key) ?? emitPreparation(graph, preparation, input);
    tensors.set(key, found);
    return found;
  };
  for (const [i, model] of models.entries()) {
    const read = readFoldModel(model);
    const { design, preparation } = read.fold;
    const key = JSON.stringify([design, preparation, ...(ensembleOf(design) > 1 ? [i] : [])]);
    groups.set(key, [...(groups.get(key) ?? []), read]);
  }
  const sums = [...groups.values()].map((folds) => emitGroup(graph, folds, preparedOf(folds[0]!), target));
  const total = sums.reduce((a, b) => graph.node('Add', [a, b]));
  return models.length === 1 ? total : graph.node('Mul', [total, graph.float32(1 / models.length)]);
}

/** Sum over folds of their predictions, [N, outputs]. */
function emitGroup(
  graph: GraphBuilder,
  folds: readonly Fold[],
  prepared: PreparedTensors,
  target: Pick<Target, 'problem' | 'classes'>,
): string {
  const { fold, parameters } = folds[0]!;
  const each = networksIn(fold, target, parameters);
  const { network, layout } = inferenceNetwork(fold, target, folds.length * each);
  const flat = new Float32Array(folds.length * each * layout.size);
  folds.forEach(({ parameters }, f) => {
    flat.set(parameters, f * each * layout.size);
  });
  const given = new Map<number, string>();
  const first = graph.int64([0]);
  if (prepared.dense) given.set(network.inputs.x!.id, graph.node('Unsqueeze', [prepared.dense, first]));
  if (prepared.rows) given.set(network.inputs.e!.id, graph.node('Unsqueeze', [prepared.rows, first]));
  for (const { name, id, shape } of layout.entries) {
    given.set(id, graph.float32(readParameter(layout, flat, name), shape));
  }
  const prediction = network.outputs.prediction!;
  const pass = emitForward(new Emitter(graph, { mode: 'inference' }), network, given, [prediction]);
  let out = pass.names.get(prediction.id)!;
  if (fold.clamp) {
    const bound = (i: 0 | 1): string =>
      graph.float32(
        folds.flatMap((f) => new Array<number>(each).fill(f.fold.clamp![i])),
        [folds.length * each, 1, 1],
      );
    out = graph.node('Min', [graph.node('Max', [out, bound(0)]), bound(1)]);
  }
  const sum = graph.node('ReduceSum', [out, first], { keepdims: 0 });
  return each === 1 ? sum : graph.node('Mul', [sum, graph.float32(1 / each)]);
}
