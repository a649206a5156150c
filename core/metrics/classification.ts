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

/** What metrics of labels are made of: the margins and the diagonal of a confusion matrix. */
interface Tally {
  /** Weight of the rows of each class, by their target, by their label, and where the two agree. */
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  readonly hits: Float64Array;
  readonly total: number;
  readonly correct: number;
}

function tallyOf(
  targets: ArrayLike<number>,
  labels: Int32Array,
  classes: number,
  weights: ArrayLike<number> | undefined,
): Tally {
  const weight = weightOf(weights);
  const [actual, predicted, hits] = [0, 1, 2].map(() => new Float64Array(classes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let [total, correct] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const w = weight(i);
    const [target, label] = [targets[i]!, labels[i]!];
    actual[target]! += w;
    predicted[label]! += w;
    total += w;
    if (target !== label) continue;
    hits[label]! += w;
    correct += w;
  }
  return { actual, predicted, hits, total, correct };
}

/** @param counts row-major [true, predicted] */
function tallyOfCounts(counts: Float64Array, classes: number): Tally {
  const [actual, predicted, hits] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  let [total, correct] = [0, 0];
  for (let a = 0; a < classes; a++) {
    for (let p = 0; p < classes; p++) {
      const count = counts[a * classes + p]!;
      actual[a]! += count;
      predicted[p]! += count;
      total += count;
    }
    hits[a] = counts[a * classes + a]!;
    correct += hits[a]!;
  }
  return { actual, predicted, hits, total, correct };
}

type FromTally = (tally: Tally, positive: number) => number;

/** 2·TP / (actual + predicted); 0 where a class is neither, as scikit-learn's zero_division gives it. */
function f1Of({ actual, predicted, hits }: Tally, c: number): number {
  const both = actual[c]! + predicted[c]!;
  return both > 0 ? (2 * hits[c]!) / both : 0;
}

const fromTally = {
  accuracy: ({ correct, total }) => correct / total,
  /** Mean recall over classes that occur. */
  balanced_accuracy: ({ actual, hits }) => {
    let sum = 0;
    let present = 0;
    for (let c = 0; c < actual.length; c++) {
      if (actual[c]! === 0) continue;
      sum += hits[c]! / actual[c]!;
      present++;
    }
    return sum / present;
  },
  f1: f1Of,
  /** Mean over classes that occur or are predicted. */
  f1_macro: (tally) => {
    const { actual, predicted } = tally;
    let sum = 0;
    let present = 0;
    for (let c = 0; c < actual.length; c++) {
      if (actual[c]! + predicted[c]! === 0) continue;
      sum += f1Of(tally, c);
      present++;
    }
    return sum / present;
  },
  f1_weighted: (tally) => {
    const { actual, total } = tally;
    let sum = 0;
    for (let c = 0; c < actual.length; c++) sum += actual[c]! * f1Of(tally, c);
    return sum / total;
  },
  /** Matthews' correlation for any number of classes (Gorodkin 2004); 0 when either side is constant. */
  mcc: ({ actual, predicted, total, correct }) => {
    let ap = 0;
    let aa = 0;
    let pp = 0;
    for (let c = 0; c < actual.length; c++) {
      ap += actual[c]! * predicted[c]!;
      aa += actual[c]! ** 2;
      pp += predicted[c]! ** 2;
    }
    const scale = (total ** 2 - pp) * (total ** 2 - aa);
    return scale > 0 ? (correct * total - ap) / Math.sqrt(scale) : 0;
  },
} satisfies Record<string, FromTally>;

export type LabelMetric = keyof typeof fromTally;
export const isLabelMetric = (name: string): name is LabelMetric => name in fromTally;

/** A metric of labels. */
export function labelMetric(
  name: LabelMetric,
  task: MetricTask,
  targets: ArrayLike<number>,
  predictions: Float32Array,
): Evaluator {
  const labels = decideLabels(predictions, task.classes, task.decision);
  const { classes, positive = 1 } = task;
  return (weights) => fromTally[name](tallyOf(targets, labels, classes, weights), positive);
}

/** The metric of a confusion matrix, row-major [true, predicted]. */
export function scoreConfusion(name: LabelMetric, counts: Float64Array, classes: number, positive = 1): number {
  return fromTally[name](tallyOfCounts(counts, classes), positive);
}
