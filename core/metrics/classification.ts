/** Classification metrics as scikit-learn defines them, under row weights. */
import { decideLabels } from './labels.ts';
import type { Evaluator, MetricTask } from './types.ts';

const one = () => 1;
const weightOf = (weights: ArrayLike<number> | undefined) => (weights ? (i: number) => weights[i]! : one);

/** `log_loss`: mean negative log probability of the true class, clipped to float32's epsilon, rows renormalised. */
export function logLoss(targets: ArrayLike<number>, predictions: Float32Array, classes: number): Evaluator {
  const epsilon = 1.1920928955078125e-7;
  const clip = (p: number) => Math.min(Math.max(p, epsilon), 1 - epsilon);
  const losses = Float64Array.from({ length: targets.length }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += predictions[i * classes + c]!;
    return -Math.log(clip(predictions[i * classes + targets[i]!]! / sum));
  });
  return meanOf(losses);
}

/** Weighted mean of per-row values. */
export function meanOf(values: Float64Array): Evaluator {
  return (weights) => {
    const weight = weightOf(weights);
    let sum = 0;
    let total = 0;
    for (let i = 0; i < values.length; i++) {
      sum += weight(i) * values[i]!;
      total += weight(i);
    }
    return sum / total;
  };
}

/** Row-major [true, predicted] weights. */
export function confusion(
  targets: ArrayLike<number>,
  labels: Int32Array,
  classes: number,
  weights?: ArrayLike<number>,
): Float64Array {
  const counts = new Float64Array(classes * classes);
  const weight = weightOf(weights);
  for (let i = 0; i < labels.length; i++) counts[targets[i]! * classes + labels[i]!]! += weight(i);
  return counts;
}

type FromConfusion = (counts: Float64Array, classes: number, positive: number) => number;

function sums(counts: Float64Array, classes: number) {
  const actual = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let total = 0;
  let correct = 0;
  for (let a = 0; a < classes; a++) {
    for (let p = 0; p < classes; p++) {
      const count = counts[a * classes + p]!;
      actual[a]! += count;
      predicted[p]! += count;
      total += count;
      if (a === p) correct += count;
    }
  }
  return { actual, predicted, total, correct };
}

/** 2·TP / (actual + predicted); 0 where a class is neither, as scikit-learn's zero_division gives it. */
function f1Of(counts: Float64Array, classes: number, c: number, actual: Float64Array, predicted: Float64Array): number {
  const both = actual[c]! + predicted[c]!;
  return both > 0 ? (2 * counts[c * classes + c]!) / both : 0;
}

const fromConfusion = {
  accuracy: (counts, classes) => {
    const { correct, total } = sums(counts, classes);
    return correct / total;
  },
  /** Mean recall over classes that occur. */
  balanced_accuracy: (counts, classes) => {
    const { actual } = sums(counts, classes);
    let sum = 0;
    let present = 0;
    for (let c = 0; c < classes; c++) {
      if (actual[c]! === 0) continue;
      sum += counts[c * classes + c]! / actual[c]!;
      present++;
    }
    return sum / present;
  },
  f1: (counts, classes, positive) => {
    const { actual, predicted } = sums(counts, classes);
    return f1Of(counts, classes, positive, actual, predicted);
  },
  /** Mean over classes that occur or are predicted. */
  f1_macro: (counts, classes) => {
    const { actual, predicted } = sums(counts, classes);
    let sum = 0;
    let present = 0;
    for (let c = 0; c < classes; c++) {
      if (actual[c]! + predicted[c]! === 0) continue;
      sum += f1Of(counts, classes, c, actual, predicted);
      present++;
    }
    return sum / present;
  },
  f1_weighted: (counts, classes) => {
    const { actual, predicted, total } = sums(counts, classes);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += actual[c]! * f1Of(counts, classes, c, actual, predicted);
    return sum / total;
  },
  /** Matthews' correlation for any number of classes (Gorodkin 2004); 0 when either side is constant. */
  mcc: (counts, classes) => {
    const { actual, predicted, total, correct } = sums(counts, classes);
    let ap = 0;
    let aa = 0;
    let pp = 0;
    for (let c = 0; c < classes; c++) {
      ap += actual[c]! * predicted[c]!;
      aa += actual[c]! ** 2;
      pp += predicted[c]! ** 2;
    }
    const scale = (total ** 2 - pp) * (total ** 2 - aa);
    return scale > 0 ? (correct * total - ap) / Math.sqrt(scale) : 0;
  },
} satisfies Record<string, FromConfusion>;

export type LabelMetric = keyof typeof fromConfusion;
export const isLabelMetric = (name: string): name is LabelMetric => name in fromConfusion;

/** A metric of labels, computed from the confusion matrix. */
export function labelMetric(
  name: LabelMetric,
  task: MetricTask,
  targets: ArrayLike<number>,
  predictions: Float32Array,
): Evaluator {
  const labels = decideLabels(predictions, task.classes, task.decision);
  const { classes, positive = 1 } = task;
  return (weights) => fromConfusion[name](confusion(targets, labels, classes, weights), classes, positive);
}

/** The metric of a confusion matrix, row-major [true, predicted]. */
export function scoreConfusion(name: LabelMetric, counts: Float64Array, classes: number, positive = 1): number {
  return fromConfusion[name](counts, classes, positive);
}
