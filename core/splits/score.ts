/** What the probe's predictions score, and by how much two ways to split differ. */
import type { Target } from '../contracts/learner.ts';
import type { Gap, ProbeMetric } from '../contracts/splits.ts';
import { takePredictions } from '../ensemble/take-predictions.ts';
import { bootstrapInterval, pairedInterval } from '../metrics/bootstrap.ts';
import { metricEvaluator } from '../metrics/evaluate.ts';
import type { Evaluator } from '../metrics/types.ts';
import type { Fold } from '../tasks/folds.ts';

/**
 * Of a table at most six questions are asked, each true by chance once in 200: together less than one false alarm in 30
 * tables, and the least gap makes them rarer still.
 */
const level = 0.99;
const samples = 500;
/** A hundredth of what a perfect model scores: what is surely smaller is not worth a question. */
const LEAST_GAP = 0.01;

export interface Scored {
  readonly target: Target;
  readonly metric: ProbeMetric;
  readonly folds: readonly Fold[];
  /** Of `probeFolds`. */
  readonly predictions: Float32Array;
}

/**
 * Scores `judged` rows under weights in their order. AUC is the mean over folds, since ranks of different models do not
 * compare: pooled, folds of unequal class shares would look worse than they are.
 */
export function scoreOf({ target, metric, folds, predictions }: Scored, judged: Int32Array): Evaluator {
  const evaluatorOf = (rows: Int32Array) =>
    metricEvaluator(
      metric,
      target,
      Float32Array.from(rows, (row) => target.values[row]!),
      takePredictions(predictions, rows, target.classes),
    );
  if (metric !== 'roc_auc') return evaluatorOf(judged);
  const place = new Map(Array.from(judged, (row, i) => [row, i] as const));
  const parts = folds.map(({ valid }) => {
    const rows = valid.filter((row) => place.has(row));
    return { places: Array.from(rows, (row) => place.get(row)!), evaluate: evaluatorOf(rows) };
  });
  return (weights) => {
    let [sum, total] = [0, 0];
    for (const { places, evaluate } of parts) {
      const own = weights ? places.map((i) => weights[i]!) : undefined;
      const value = evaluate(own);
      // A fold, or what the bootstrap drew of it, may hold one class only.
      if (!Number.isFinite(value)) continue;
      const size = own ? own.reduce((a, b) => a + b, 0) : places.length;
      sum += size * value;
      total += size;
    }
    return sum / total;
  };
}

export const meanScore =
  (evaluators: readonly Evaluator[]): Evaluator =>
  (weights) =>
    evaluators.reduce((sum, evaluate) => sum + evaluate(weights), 0) / evaluators.length;

/** @param clusters rows that are no independent evidence of each other; aligned with the judged rows */
export function gapBetween(a: Evaluator, b: Evaluator, rows: number, seed: number, clusters?: Int32Array): Gap {
  const { low, high } = pairedInterval(a, b, rows, { seed, level, samples, clusters });
  return { value: a() - b(), low, high };
}

export function scoreWithInterval(evaluate: Evaluator, rows: number, seed: number): Gap {
  return { value: evaluate(), ...bootstrapInterval(evaluate, rows, { seed, level, samples }) };
}

export const matters = (gap: Gap): boolean => gap.low >= LEAST_GAP;
