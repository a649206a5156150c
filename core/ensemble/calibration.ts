/** One temperature on the ensemble's log probabilities, and the factors that turn probabilities into a label. */
import type { MetricName } from '../contracts/task.ts';
import { argsort } from '../math/sort.ts';
import { isLabelMetric, type LabelMetric, scoreConfusion } from '../metrics/classification.ts';
import { cheapestDecision } from '../metrics/costs.ts';
import { evaluateMetric } from '../metrics/evaluate.ts';
import type { MetricTask } from '../metrics/types.ts';

/** Probabilities below this count as this before the logarithm, in the graph too. */
export const LEAST_PROBABILITY = 1e-7;

/** softmax(log p / temperature), row by row. */
export function applyTemperature(probabilities: Float32Array, classes: number, temperature: number): Float32Array {
  if (temperature === 1) return probabilities;
  const out = new Float32Array(probabilities.length);
  for (let i = 0; i < out.length; i += classes) {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const p = Math.max(probabilities[i + c]!, LEAST_PROBABILITY) ** (1 / temperature);
      out[i + c] = p;
      sum += p;
    }
    for (let c = 0; c < classes; c++) out[i + c]! /= sum;
  }
  return out;
}

/**
 * Temperature for log loss, and for costs, which labels are chosen by probabilities for; 1 unless there are rows enough (3,000 for two classes, 500 for more) and each half of the
 * rows improves under the temperature of the other. Its square root is taken: above 1 because out-of-fold predictions
 * come from single fold models while the file averages them all, which is softer already; below 1 because folds were
 * stopped on the rows they are judged by, which makes them look surer than they are.
 */
export function fitTemperature(
  metric: MetricName,
  targets: Float64Array,
  probabilities: Float32Array,
  classes: number,
): number {
  const rows = targets.length;
  if ((metric !== 'log_loss' && metric !== 'cost') || rows < (classes === 2 ? 3000 : 500)) return 1;
  const half = (start: number) => {
    const picked: number[] = [];
    for (let i = start; i < rows; i += 2) picked.push(i);
    return picked;
  };
  const loss = (of: readonly number[], temperature: number) => {
    let total = 0;
    for (const i of of) {
      let sum = 0;
      for (let c = 0; c < classes; c++) {
        sum += Math.max(probabilities[i * classes + c]!, LEAST_PROBABILITY) ** (1 / temperature);
      }
      const p = Math.max(probabilities[i * classes + targets[i]!]!, LEAST_PROBABILITY) ** (1 / temperature);
      total -= Math.log(p / sum);
    }
    return total / of.length;
  };
  const best = (of: readonly number[]) => goldenSection((log) => loss(of, Math.exp(log)), Math.log(0.4), Math.log(3));
  const [a, b] = [half(0), half(1)];
  const [ta, tb] = [Math.exp(best(a)), Math.exp(best(b))];
  if (loss(b, ta) >= loss(b, 1) || loss(a, tb) >= loss(a, 1)) return 1;
  const temperature = Math.exp(best([...a, ...b]));
  return Math.sqrt(temperature);
}

/** Minimiser of a unimodal function between `low` and `high`, to 1e-3. */
function goldenSection(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  while (b - a > 1e-3) {
    if (fc < fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}

/** Rows that accuracy needs before a threshold other than one half is trusted. */
const ROWS_FOR_ACCURACY = 10_000;

/**
 * The decision (see `decideLabels`) that the file holds; null when plain argmax is to be used. Of costs the cheapest one;
 * else factors on the class probabilities.
 * Two classes: a threshold t, as factors [t, 1 - t]. More classes: prior^-a for the best of a few a.
 */
export function tuneDecision(
  metric: MetricName,
  task: MetricTask,
  targets: Float64Array,
  probabilities: Float32Array,
): number[] | null {
  if (metric === 'cost') return task.costs ? cheapestDecision(task.costs) : null;
  if (!isLabelMetric(metric) || targets.length < 50) return null;
  if (metric === 'accuracy' && targets.length < ROWS_FOR_ACCURACY) return null;
  const decision =
    task.classes === 2
      ? tuneThreshold(metric, task, targets, probabilities)
      : tunePriors(metric, task, targets, probabilities);
  return decision?.every((factor) => factor === decision[0]) ? null : decision;
}

/** Scores the thresholds at 100 quantiles, smoothed over neighbours, and takes the best; near ties go to one half. */
function tuneThreshold(
  metric: LabelMetric,
  task: MetricTask,
  targets: Float64Array,
  probabilities: Float32Array,
): number[] | null {
  const rows = targets.length;
  const scores = Float32Array.from(targets, (_, i) => probabilities[2 * i + 1]!);
  const order = argsort(scores);
  const positives = targets.reduce((total, y) => total + y, 0);
  const candidates: { threshold: number; value: number }[] = [];
  const grid = Math.min(100, rows - 1);
  let at = 0;
  let positivesBelow = 0;
  for (let g = 1; g <= grid; g++) {
    const rank = Math.round((g * rows) / (grid + 1));
    for (; at < rank; at++) positivesBelow += targets[order[at]!]!;
    const low = scores[order[rank - 1]!]!;
    const high = scores[order[rank]!]!;
    if (low === high) continue;
    const negativesBelow = rank - positivesBelow;
    const counts = Float64Array.of(
      negativesBelow,
      rows - positives - negativesBelow,
      positivesBelow,
      positives - positivesBelow,
    );
    candidates.push({ threshold: (low + high) / 2, value: scoreConfusion(metric, counts, 2, task.positive) });
  }
  const smooth = candidates.map(({ threshold }, i) => {
    const near = candidates.slice(Math.max(0, i - 2), i + 3);
    return { threshold, value: near.reduce((sum, { value }) => sum + value, 0) / near.length };
  });
  const plain = evaluateMetric(metric, { ...task, decision: undefined }, targets, probabilities);
  let best: { threshold: number; value: number } = { threshold: 0.5, value: plain };
  for (const candidate of smooth) {
    const closer = Math.abs(candidate.threshold - 0.5) < Math.abs(best.threshold - 0.5);
    if (candidate.value > best.value + 1e-3 || (closer && candidate.value >= best.value)) best = candidate;
  }
  return best.threshold === 0.5 ? null : [best.threshold, 1 - best.threshold];
}

function tunePriors(
  metric: LabelMetric,
  task: MetricTask,
  targets: Float64Array,
  probabilities: Float32Array,
): number[] | null {
  const counts = new Float64Array(task.classes);
  for (const y of targets) counts[y]! += 1;
  let best: { decision: number[] | null; value: number } = {
    decision: null,
    value: evaluateMetric(metric, { ...task, decision: undefined }, targets, probabilities) + 1e-3,
  };
  for (const power of [0.25, 0.5, 0.75, 1]) {
    const decision = Array.from(counts, (count) => (Math.max(count, 1) / targets.length) ** -power);
    const value = evaluateMetric(metric, { ...task, decision }, targets, probabilities);
    if (value > best.value) best = { decision, value };
  }
  return best.decision;
}
