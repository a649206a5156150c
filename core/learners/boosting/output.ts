/** From scores to predictions, in TypeScript and in a graph: the two must stay the same function. */
import type { Target } from '../../contracts/learner.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import { sigmoid } from '../../trees/losses.ts';

type Shape = Pick<Target, 'problem' | 'classes'>;

/**
 * Scores [n, outputs] to predictions [n, classes] (values [n, 1] for regression).
 * @param zero given where scores are logarithms of what lies above it
 */
export function scoresToPredictions(scores: Float64Array, target: Shape, zero?: number): Float32Array {
  if (target.problem === 'regression') {
    return zero === undefined ? Float32Array.from(scores) : Float32Array.from(scores, (s) => Math.exp(s) + zero);
  }
  if (target.problem === 'binary') {
    const predictions = new Float32Array(scores.length * 2);
    for (let i = 0; i < scores.length; i++) {
      const p = sigmoid(scores[i]!);
      predictions[2 * i] = 1 - p;
      predictions[2 * i + 1] = p;
    }
    return predictions;
  }
  const { classes } = target;
  const predictions = new Float32Array(scores.length);
  for (let at = 0; at < scores.length; at += classes) {
    let max = -Infinity;
    for (let k = 0; k < classes; k++) max = Math.max(max, scores[at + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(scores[at + k]! - max);
    for (let k = 0; k < classes; k++) predictions[at + k] = Math.exp(scores[at + k]! - max) / sum;
  }
  return predictions;
}

/**
 * Mean over folds of what `scoresToPredictions` computes.
 * @param scores name of a float32 tensor [N, folds * outputs]
 * @returns name of a float32 tensor [N, classes]
 */
export function emitMeanPredictions(
  graph: GraphBuilder,
  scores: string,
  folds: number,
  target: Shape,
  zero?: number,
): string {
  if (target.problem === 'regression') {
    const each = zero === undefined ? scores : graph.node('Exp', [scores]);
    const mean = graph.node('ReduceMean', [each, graph.int64([1])], { keepdims: 1 });
    return zero === undefined ? mean : graph.node('Add', [mean, graph.float32(zero)]);
  }
  if (target.problem === 'binary') {
    const each = graph.node('Sigmoid', [scores]);
    const p = graph.node('ReduceMean', [each, graph.int64([1])], { keepdims: 1 });
    return graph.node('Concat', [graph.node('Sub', [graph.float32(1), p]), p], { axis: 1 });
  }
  const shaped = graph.node('Reshape', [scores, graph.int64([-1, folds, target.classes])]);
  const each = graph.node('Softmax', [shaped], { axis: 2 });
  return graph.node('ReduceMean', [each, graph.int64([1])], { keepdims: 0 });
}
