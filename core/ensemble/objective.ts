/** What the ensemble selection minimises: the metric itself where it is smooth enough, else log loss. */
import type { MetricName } from '../contracts/task.ts';
import { rocAuc } from '../metrics/auc.ts';
import { meanCost } from '../metrics/costs.ts';
import { rowErrors, takesRoot } from '../metrics/regression.ts';
import type { MetricTask } from '../metrics/types.ts';
import type { NumberTarget, TargetPlan } from '../tasks/target.ts';

/** Loss of a sum of `count` predictions (divided by `count` it is their mean); smaller is better. */
export interface EnsembleObjective {
  readonly width: number;
  /** The numbers of one member that matter, [rows · width]. */
  extract(predictions: Float32Array): Float64Array;
  loss(sum: Float64Array, count: number): number;
}

/**
 * Accuracy needs this many rows before counting errors tells members apart better than log loss does. F1, MCC and
 * balanced accuracy depend on the decision threshold, which is tuned afterwards on the ensemble's probabilities.
 */
const ROWS_FOR_ACCURACY = 3000;
/** Probabilities beyond which looking at all of them at every step takes too long: log loss reads one a row. */
const MOST_PROBABILITIES = 2_000_000;

export function ensembleObjective(
  metric: MetricName,
  task: MetricTask,
  plan: TargetPlan,
  targets: Float64Array,
): EnsembleObjective {
  if (plan.problem === 'regression') return numberObjective(metric, plan, targets);
  const rows = targets.length;
  if (task.classes > 2 && rows * task.classes > MOST_PROBABILITIES) return logLossObjective(task.classes, targets);
  if (metric === 'roc_auc') return aucObjective(task.classes, targets);
  if (metric === 'accuracy' && rows >= ROWS_FOR_ACCURACY) return accuracyObjective(task.classes, targets);
  if (metric === 'cost' && rows >= ROWS_FOR_ACCURACY) return costObjective(task, targets);
  return logLossObjective(task.classes, targets);
}

function logLossObjective(classes: number, targets: Float64Array): EnsembleObjective {
  return {
    width: 1,
    extract: (p) => Float64Array.from(targets, (y, i) => p[i * classes + y]!),
    loss(sum, count) {
      let total = 0;
      for (let i = 0; i < sum.length; i++) total -= Math.log(Math.max(sum[i]! / count, 1e-7));
      return total / sum.length;
    },
  };
}

function aucObjective(classes: number, targets: Float64Array): EnsembleObjective {
  if (classes > 2) {
    return {
      width: classes,
      extract: (p) => new Float64Array(p),
      loss: (sum) => 1 - rocAuc(targets, new Float32Array(sum), classes)(),
    };
  }
  const count = targets.reduce((total, y) => total + y, 0);
  const positives = new Float32Array(count);
  const negatives = new Float32Array(targets.length - count);
  return {
    width: 1,
    extract: (p) => Float64Array.from(targets, (_, i) => p[2 * i + 1]!),
    loss(sum) {
      let p = 0;
      let n = 0;
      for (let i = 0; i < sum.length; i++) {
        if (targets[i] === 1) positives[p++] = sum[i]!;
        else negatives[n++] = sum[i]!;
      }
      // Typed arrays sort natively, many times faster than an order by comparison; what is left is a merge.
      positives.sort();
      negatives.sort();
      let below = 0;
      let upTo = 0;
      let area = 0;
      for (const value of positives) {
        while (below < negatives.length && negatives[below]! < value) below++;
        while (upTo < negatives.length && negatives[upTo]! <= value) upTo++;
        area += (below + upTo) / 2;
      }
      return 1 - area / (count * negatives.length);
    },
  };
}

/** Share of errors; log loss, scaled down, decides between equal counts. */
function accuracyObjective(classes: number, targets: Float64Array): EnsembleObjective {
  return {
    width: classes,
    extract: (p) => new Float64Array(p),
    loss(sum, count) {
      let errors = 0;
      let logs = 0;
      for (let i = 0; i < targets.length; i++) {
        let best = 0;
        for (let c = 1; c < classes; c++) if (sum[i * classes + c]! > sum[i * classes + best]!) best = c;
        if (best !== targets[i]) errors++;
        logs -= Math.log(Math.max(sum[i * classes + targets[i]!]! / count, 1e-7));
      }
      return errors / targets.length + (1e-3 * logs) / targets.length;
    },
  };
}

/** Mean cost of the cheapest labels; log loss, scaled down, decides between equal costs. */
function costObjective(task: MetricTask, targets: Float64Array): EnsembleObjective {
  const { classes } = task;
  const logs = logLossObjective(1, new Float64Array(targets.length));
  return {
    width: classes,
    extract: (p) => new Float64Array(p),
    loss(sum, count) {
      const mean = Float32Array.from(sum, (p) => p / count);
      const right = Float64Array.from(targets, (y, i) => sum[i * classes + y]!);
      return meanCost(task, targets, mean)() + 1e-3 * logs.loss(right, count);
    },
  };
}

function numberObjective(metric: MetricName, plan: NumberTarget, targets: Float64Array): EnsembleObjective {
  const errors = rowErrors(metric, targets);
  // R² has the order of the root of the squared error, which needs no variance.
  const squared = takesRoot(metric) || metric === 'r2';
  return {
    width: 1,
    extract: (p) => Float64Array.from(targets, (_, i) => p[i]! * plan.deviation + plan.mean),
    loss(sum, count) {
      let total = 0;
      for (let i = 0; i < sum.length; i++) {
        total += errors(i, Math.min(Math.max(sum[i]! / count, plan.low), plan.high));
      }
      return squared ? Math.sqrt(total / sum.length) : total / sum.length;
    },
  };
}
