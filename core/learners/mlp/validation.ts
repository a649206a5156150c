/** Predictions and score on the validation rows between training calls. */
import type { FitContext, Target } from '../../contracts/learner.ts';
import { type MetricName, metricInfo } from '../../contracts/task.ts';
import { evaluateMetric, lossOf } from '../../metrics/evaluate.ts';
import type { Evaluator } from '../../train/evaluator.ts';

const CHUNK = 2048;

export interface Validated {
  readonly predictions: Float32Array;
  /** Smaller is better; NaN when the network diverged. */
  readonly loss: number;
}

export class Validation {
  private readonly evaluator: Evaluator;
  private readonly target: Target;
  private readonly rows: Int32Array;
  private readonly values: Float32Array;
  private readonly weights: Float32Array | undefined;
  private readonly metric: MetricName;
  private readonly breathe: () => Promise<void>;

  constructor(
    evaluator: Evaluator,
    target: Target,
    rows: Int32Array,
    { metric, breathe }: Pick<FitContext, 'metric' | 'breathe'>,
  ) {
    this.breathe = breathe;
    this.evaluator = evaluator;
    this.target = target;
    this.rows = rows;
    this.values = Float32Array.from(rows, (r) => target.values[r]!);
    const { weights } = target;
    this.weights = weights && Float32Array.from(rows, (r) => weights[r]!);
    this.metric = watched(metric, target);
  }

  get empty(): boolean {
    return this.rows.length === 0;
  }

  /** Predicts with the flat parameters of one member; probabilities or standardised values, row-major. */
  async predict(parameters: Float32Array): Promise<Float32Array> {
    const width = this.target.problem === 'regression' ? 1 : this.target.classes;
    const out = new Float32Array(this.rows.length * width);
    for (let start = 0; start < this.rows.length; start += CHUNK) {
      const rows = BigInt64Array.from(this.rows.subarray(start, start + CHUNK), BigInt);
      const { prediction } = await this.evaluator.run(parameters, rows);
      out.set(prediction!, start * width);
      await this.breathe();
    }
    return out;
  }

  async run(parameters: Float32Array): Promise<Validated> {
    const predictions = await this.predict(parameters);
    if (predictions.some((v) => Number.isNaN(v))) return { predictions, loss: Number.NaN };
    const score = (metric: MetricName): number =>
      lossOf(metric, evaluateMetric(metric, this.target, this.values, predictions, this.weights));
    const loss = score(this.metric);
    // ROC AUC is undefined where the rows hold one class; whether it is does not change during a run.
    return { predictions, loss: Number.isNaN(loss) ? score('log_loss') : loss };
  }
}

/** The metric to watch: RMSLE makes no sense on standardised values. */
function watched(metric: string, target: Target): MetricName {
  if (target.problem === 'regression') return metric === 'mae' || metric === 'r2' ? metric : 'rmse';
  return metric in metricInfo && metric !== 'r2' ? (metric as MetricName) : 'log_loss';
}
