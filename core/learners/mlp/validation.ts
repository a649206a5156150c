/** Predictions and scores of folds on their validation rows between training calls. */
import type { FitContext, Target } from '../../contracts/learner.ts';
import { type MetricName, metricInfo } from '../../contracts/task.ts';
import { evaluateMetric, lossOf } from '../../metrics/evaluate.ts';
import type { Evaluator } from '../../train/evaluator.ts';

/** Rows of all members together in one call, and the least of each. */
const CHUNK = 2048;
const LEAST_CHUNK = 64;

export interface Validated {
  /** Probabilities or standardised values, row-major: the mean over the fold's members. */
  readonly predictions: Float32Array;
  /** Smaller is better; NaN when the network diverged. */
  readonly loss: number;
}

/** The validation rows of one fold, and the range that values are cut to; null for classes. */
export interface ValidationFold {
  readonly rows: Int32Array;
  readonly range: readonly [number, number] | null;
}

interface Scored extends ValidationFold {
  readonly values: Float32Array;
  readonly weights: Float32Array | undefined;
}

export class Validation {
  private readonly evaluator: Evaluator;
  private readonly target: Target;
  private readonly folds: readonly Scored[];
  private readonly each: number;
  private readonly metric: MetricName;
  private readonly breathe: () => Promise<void>;
  /** Row indices [K, m] of every call. */
  private readonly calls: readonly { readonly start: number; readonly rows: BigInt64Array }[];

  /**
   * @param evaluator of all members of all folds, those of one fold next to each other
   * @param each members of a fold
   */
  constructor(
    evaluator: Evaluator,
    target: Target,
    folds: readonly ValidationFold[],
    each: number,
    { metric, breathe }: Pick<FitContext, 'metric' | 'breathe'>,
  ) {
    this.breathe = breathe;
    this.evaluator = evaluator;
    this.target = target;
    this.each = each;
    const { weights } = target;
    this.folds = folds.map((fold) => ({
      ...fold,
      values: Float32Array.from(fold.rows, (r) => target.values[r]!),
      weights: weights && Float32Array.from(fold.rows, (r) => weights[r]!),
    }));
    this.metric = watched(metric, target);
    this.calls = callsOf(folds, each);
  }

  get empty(): boolean {
    return this.calls.length === 0;
  }

  /** Predicts with the flat parameters of all members; one array a fold. */
  private async predict(parameters: Float32Array): Promise<Float32Array[]> {
    const { each, folds } = this;
    const width = this.target.problem === 'regression' ? 1 : this.target.classes;
    const out = folds.map(({ rows }) => new Float32Array(rows.length * width));
    for (const { start, rows } of this.calls) {
      const prediction = (await this.evaluator.run(parameters, rows)).prediction!;
      const size = prediction.length / (folds.length * each);
      folds.forEach(({ range }, f) => {
        const into = out[f]!.subarray(start * width, start * width + size);
        for (let k = f * each; k < (f + 1) * each; k++) {
          const from = k * size;
          for (let i = 0; i < into.length; i++) into[i]! += cut(prediction[from + i]!, range) / each;
        }
      });
      await this.breathe();
    }
    return out;
  }

  /** One result a fold. */
  async run(parameters: Float32Array): Promise<Validated[]> {
    const all = await this.predict(parameters);
    return this.folds.map((fold, f) => ({ predictions: all[f]!, loss: this.loss(fold, all[f]!) }));
  }

  private loss({ values, weights }: Scored, predictions: Float32Array): number {
    if (predictions.some((v) => Number.isNaN(v))) return Number.NaN;
    const score = (metric: MetricName): number =>
      lossOf(metric, evaluateMetric(metric, this.target, values, predictions, weights));
    const loss = score(this.metric);
    // ROC AUC is undefined where the rows hold one class; whether it is does not change during a run.
    return Number.isNaN(loss) ? score('log_loss') : loss;
  }
}

/** Folds with fewer rows than the longest repeat their last one. */
function callsOf(folds: readonly ValidationFold[], each: number): { start: number; rows: BigInt64Array }[] {
  const members = folds.length * each;
  const longest = Math.max(...folds.map(({ rows }) => rows.length));
  const chunk = Math.max(LEAST_CHUNK, Math.floor(CHUNK / members));
  return Array.from({ length: Math.ceil(longest / chunk) }, (_, call) => {
    const start = call * chunk;
    const count = Math.min(chunk, longest - start);
    const rows = new BigInt64Array(members * count);
    for (let k = 0; k < members; k++) {
      const own = folds[Math.floor(k / each)]!.rows;
      for (let i = 0; i < count; i++) rows[k * count + i] = BigInt(own[Math.min(start + i, own.length - 1)] ?? 0);
    }
    return { start, rows };
  });
}

const cut = (value: number, range: readonly [number, number] | null): number =>
  range ? Math.min(Math.max(value, range[0]), range[1]) : value;

/** The metric to watch: RMSLE makes no sense on standardised values. */
function watched(metric: string, target: Target): MetricName {
  if (target.problem === 'regression') return metric === 'mae' || metric === 'r2' ? metric : 'rmse';
  return metric in metricInfo && metric !== 'r2' ? (metric as MetricName) : 'log_loss';
}
