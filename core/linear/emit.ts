/** Linear fold models as graph nodes: the folds share ramps and codes, their weights sit side by side. */
import type { Features, FeatureTensors, FoldModel, Target } from '../contracts/learner.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import { codeOffsets, outputsOf } from './fit.ts';
import { emitTextScores } from './text.ts';

/** float32 [N, classes]: mean over the folds of probabilities, or of standardised values. */
export function emitLinear(
  graph: GraphBuilder,
  models: readonly FoldModel[],
  input: FeatureTensors,
  features: Pick<Features, 'cardinalities'>,
  target: Pick<Target, 'problem' | 'classes'>,
): string {
  const k = outputsOf(target.problem, target.classes);
  const parts: string[] = [];
  const first = models[0]!;
  const array = (model: FoldModel, name: string) => model.arrays[name] as Float32Array;
  const side = (name: string) =>
    sideBySide(
      models.map((model) => array(model, name)),
      k,
    );
  const width = models.length * k;
  const product = (x: string, weights: Float32Array) =>
    graph.node('MatMul', [x, graph.float32(weights, [weights.length / width, width])]);
  // Ramps come from all rows of the task, so every fold has the same ones.
  const ramps = array(first, 'column').length;
  const flagged = first.arrays.flagged as Int32Array;
  if (ramps > 0) {
    const missing = graph.node('IsNaN', [input.numeric]);
    const fill = array(first, 'fill');
    const filled = graph.node('Where', [missing, graph.float32(fill, [1, fill.length]), input.numeric]);
    const spread = graph.node('Gather', [filled, graph.int64(first.arrays.column as Int32Array)], { axis: 1 });
    const shifted = graph.node('Sub', [spread, graph.float32(array(first, 'start'))]);
    const scaled = graph.node('Mul', [shifted, graph.float32(array(first, 'slope'))]);
    parts.push(product(graph.node('Clip', [scaled, graph.float32(0), graph.float32(1)]), side('rampWeights')));
  }
  if (flagged.length > 0) {
    const missing = graph.node('Cast', [graph.node('IsNaN', [input.numeric])], { to: 1 });
    const flags = graph.node('Gather', [missing, graph.int64(flagged)], { axis: 1 });
    parts.push(product(flags, side('flagWeights')));
  }
  if (features.cardinalities.length > 0) {
    const rows = graph.node('Add', [input.codes, graph.int64(codeOffsets(features.cardinalities))]);
    const weights = side('codeWeights');
    const table = graph.float32(weights, [weights.length / width, width]);
    const looked = graph.node('Gather', [table, rows], { axis: 0 });
    parts.push(graph.node('ReduceSum', [looked, graph.int64([1])], { keepdims: 0 }));
  }
  input.texts?.forEach((text, t) => {
    parts.push(emitTextScores(graph, text, side(`text${t}`), width));
  });
  const bias = graph.float32(side('bias'), [1, width]);
  const start = parts.shift() ?? spreadRows(graph, input, width);
  const margins = [...parts, bias].reduce((sum, part) => graph.node('Add', [sum, part]), start);
  return averaged(graph, margins, models.length, k, target);
}

function averaged(
  graph: GraphBuilder,
  margins: string,
  folds: number,
  k: number,
  target: Pick<Target, 'problem' | 'classes'>,
): string {
  const each = graph.node('Reshape', [margins, graph.int64([-1, folds, k])]);
  const mean = (x: string) => graph.node('ReduceMean', [x, graph.int64([1])], { keepdims: 0 });
  if (target.problem === 'regression') return mean(each);
  if (target.problem === 'multiclass') return mean(graph.node('Softmax', [each], { axis: 2 }));
  const positive = mean(graph.node('Sigmoid', [each]));
  return graph.node('Concat', [graph.node('Sub', [graph.float32(1), positive]), positive], { axis: 1 });
}

/** Zeros [N, width], for a table whose columns all say nothing. */
function spreadRows(graph: GraphBuilder, input: FeatureTensors, width: number): string {
  const rows = graph.node('Shape', [input.numeric], { start: 0, end: 1 });
  const dims = graph.node('Concat', [rows, graph.int64([width])], { axis: 0 });
  return graph.node('Expand', [graph.float32(new Float32Array(1), [1, 1]), dims]);
}

/** Row-major [rows, k] arrays of the folds as one [rows, folds · k]. */
function sideBySide(arrays: readonly Float32Array[], k: number): Float32Array {
  const rows = arrays[0]!.length / k;
  const width = arrays.length * k;
  const out = new Float32Array(rows * width);
  arrays.forEach((values, f) => {
    for (let r = 0; r < rows; r++) for (let c = 0; c < k; c++) out[r * width + f * k + c] = values[r * k + c]!;
  });
  return out;
}
