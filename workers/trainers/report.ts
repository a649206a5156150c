/** The report of a model: what it gets right, what it rests on, whether its probabilities mean what they say. */
import type { Score } from '#core/contracts/result.ts';
import { type MetricName, metricInfo } from '#core/contracts/task.ts';
import type { Report } from '#core/contracts/views.ts';
import { evaluateMetric } from '#core/metrics/evaluate.ts';
import { decideLabels } from '#core/metrics/labels.ts';
import { thresholdCurve } from '#core/metrics/thresholds.ts';
import type { MetricTask } from '#core/metrics/types.ts';

export interface Part {
  readonly score: Score;
  readonly task: MetricTask;
  readonly targets: Float64Array;
  /** Row-major probabilities, or values in the user's units. */
  readonly predictions: Float32Array | Float64Array;
  readonly bounds?: Bounds | null;
}

interface Bounds {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** Probabilities beyond which an area under the curve for each class takes seconds. */
const mostProbabilities = 2_000_000;

/** Every metric of the task's kind that is defined on these rows; of hundreds of classes the AUC only where few rows are. */
function allMetrics(part: Part): Record<string, number> {
  const kind = part.task.problem === 'regression' ? 'regression' : 'classification';
  const found: Record<string, number> = {};
  for (const [name, info] of Object.entries(metricInfo)) {
    if (!(info.kinds as readonly string[]).includes(kind) || (name === 'f1' && part.task.classes > 2)) continue;
    // Without costs it is the share of errors, which accuracy says.
    if (name === 'cost' && !part.task.costs) continue;
    if (name === 'roc_auc' && part.task.classes > 2 && part.predictions.length > mostProbabilities) continue;
    try {
      const value = evaluateMetric(name as MetricName, part.task, part.targets, part.predictions);
      if (Number.isFinite(value)) found[name] = value;
    } catch {
      // Not defined here, e.g. RMSLE with negative targets.
    }
  }
  return found;
}

const maxClasses = 60;
const asFloats = (values: Float32Array | Float64Array) =>
  values instanceof Float32Array ? values : Float32Array.from(values);

function confusionOf(part: Part, classes: readonly string[]): Report['confusion'] {
  if (classes.length > maxClasses) return undefined;
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  const labels = decideLabels(
    asFloats(part.predictions),
    classes.length,
    part.task.decision && [...part.task.decision],
  );
  part.targets.forEach((y, i) => {
    (counts[y] as number[])[labels[i] as number] = ((counts[y] as number[])[labels[i] as number] as number) + 1;
  });
  return { classes, counts };
}

const shares = [0.05, 0.25, 0.5, 0.75, 0.95];
const maxPoints = 1000;

function residualsOf(part: Part): Report['residuals'] {
  const { targets, predictions, bounds: ends } = part;
  const residuals = Float64Array.from(targets, (y, i) => y - (predictions[i] as number)).sort();
  const at = (q: number) => residuals[Math.min(residuals.length - 1, Math.floor(q * residuals.length))] ?? 0;
  const step = Math.max(1, Math.ceil(targets.length / maxPoints));
  const points: [number, number][] = [];
  const bounds: [number, number][] = [];
  for (let i = 0; i < targets.length; i += step) {
    points.push([targets[i] as number, predictions[i] as number]);
    if (ends) bounds.push([ends.lower[i] as number, ends.upper[i] as number]);
  }
  return { points, ...(ends ? { bounds } : {}), quantiles: shares.map(at) };
}

const bins = 10;

/** Binary: the positive class; otherwise the winning class. */
function reliabilityOf(part: Part): Report['reliability'] {
  const { classes, positive } = part.task;
  const sums = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }));
  part.targets.forEach((y, i) => {
    const row = part.predictions.subarray(i * classes, (i + 1) * classes);
    let chosen = classes > 2 ? 0 : (positive ?? 1);
    if (classes > 2) for (let c = 1; c < classes; c++) if ((row[c] as number) > (row[chosen] as number)) chosen = c;
    const p = row[chosen] as number;
    const bin = sums[Math.min(bins - 1, Math.floor(p * bins))];
    if (!bin) return;
    bin.predicted += p;
    bin.observed += y === chosen ? 1 : 0;
    bin.count += 1;
  });
  return sums.map(({ predicted, observed, count }, bin) => ({
    bin,
    predicted: count > 0 ? predicted / count : (bin + 0.5) / bins,
    observed: count > 0 ? observed / count : 0,
    count,
  }));
}

const rocPoints = 200;

function rocOf(part: Part): Report['roc'] {
  if (part.task.classes !== 2) return undefined;
  const positive = part.task.positive ?? 1;
  const rows = Array.from(part.targets, (y, i) => ({
    hit: y === positive,
    p: part.predictions[2 * i + positive] as number,
  }));
  rows.sort((a, b) => b.p - a.p);
  const positives = rows.filter(({ hit }) => hit).length;
  const negatives = rows.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const points = [{ fpr: 0, tpr: 0 }];
  let [tp, fp] = [0, 0];
  const step = Math.max(1, Math.floor(rows.length / rocPoints));
  rows.forEach(({ hit, p }, i) => {
    if (hit) tp++;
    else fp++;
    // A point inside a run of equal probabilities is no threshold anybody could choose.
    const last = i === rows.length - 1;
    if (last || (i % step === 0 && rows[i + 1]?.p !== p)) points.push({ fpr: fp / negatives, tpr: tp / positives });
  });
  return points;
}

/** Out of fold, where the threshold was chosen: the test must have no say in how it looks. */
function thresholdsOf(part: Part, classes: readonly string[]): Report['thresholds'] {
  if (part.task.classes !== 2) return undefined;
  const { decision, positive = 1 } = part.task;
  const points = thresholdCurve(part.targets, part.predictions, positive);
  if (points.length < 2) return undefined;
  const second = decision ? (decision[0] as number) / ((decision[0] as number) + (decision[1] as number)) : 0.5;
  const chosen = positive === 1 ? second : 1 - second;
  return { positive: classes[positive] ?? '', chosen, tuned: decision !== undefined, points };
}

export function makeReport(
  metric: MetricName,
  classes: readonly string[] | null,
  validation: Part,
  test: Part | null,
  importance: Report['importance'],
  importanceNote: string | null,
): Report {
  const shown = test ?? validation;
  const base: Report = {
    schema: 'warmstart.report/1',
    metric,
    validation: validation.score,
    test: test?.score ?? null,
    scores: { validation: allMetrics(validation), test: test ? allMetrics(test) : {} },
    importance,
    importanceNote,
  };
  if (!classes) return { ...base, residuals: residualsOf(shown) };
  const confusion = confusionOf(shown, classes);
  const roc = rocOf(shown);
  const thresholds = thresholdsOf(validation, classes);
  return {
    ...base,
    ...(confusion ? { confusion } : {}),
    reliability: reliabilityOf(shown),
    ...(roc ? { roc } : {}),
    ...(thresholds ? { thresholds } : {}),
  };
}
