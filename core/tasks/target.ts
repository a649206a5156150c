/** The target column: classes and their order, or scale and range of a number, and the way back to the user's units. */
import type { Problem, Target } from '../contracts/learner.ts';
import type { MetricName, TaskKind } from '../contracts/task.ts';
import type { CostMatrix } from '../metrics/costs.ts';
import { asNumbers, asStrings, type TableColumn } from '../prep/table.ts';

export interface ClassTarget {
  readonly problem: Exclude<Problem, 'regression'>;
  /** As the file has them, numbers by value, everything else by code unit. */
  readonly classes: readonly string[];
  /** Of the metric `cost`: by true class, then by the class that is said. */
  readonly costs?: CostMatrix;
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

export interface NumberTarget extends Scale {
  readonly problem: 'regression';
  /** Predictions are kept between these: the training range and 5 % beyond, never below 0 when no target was. */
  readonly low: number;
  readonly high: number;
  /** Scale and range of log(1 + y) where learning on that scale may pay (skewed and never negative); else null. */
  readonly log: (Scale & { readonly low: number; readonly high: number }) | null;
}

/** Metrics of proportions: learning the logarithm fits them whatever the skew. */
const proportional: readonly (MetricName | undefined)[] = ['rmsle', 'smape'];

/** JSON. */
export type TargetPlan = ClassTarget | NumberTarget;

/** `plain` or `log`: the scale on which one bag learned a numeric target. */
export type TargetScale = 'plain' | 'log';

/** Rows whose target is present, ascending. */
export function rowsWithTarget(column: TableColumn): Int32Array {
  const rows: number[] = [];
  const length = column.kind === 'number' ? column.values.length : column.codes.length;
  for (let i = 0; i < length; i++) {
    const code = column.kind === 'number' ? 0 : column.codes[i]!;
    const there =
      column.kind === 'number' ? Number.isFinite(column.values[i]) : code >= 0 && column.dictionary[code] !== '';
    if (there) rows.push(i);
  }
  return Int32Array.from(rows);
}

export interface EncodedTarget {
  readonly plan: TargetPlan;
  /** Class indices, or values in the user's units. */
  readonly values: Float64Array;
}

/**
 * Learns classes or scale from a training target without missing values.
 * @param spellings how numbers that are classes stand in the file, by `String(value)`, where that differs
 * @param metric some metrics ask for the logarithm
 * @throws RangeError, in words for the person, when there is nothing to learn: one class, or one value
 */
export function fitTarget(
  column: TableColumn,
  kind: TaskKind,
  spellings: Readonly<Record<string, string>> = {},
  metric?: MetricName,
): EncodedTarget {
  if (kind === 'regression') {
    const values = asNumbers(column);
    return { plan: fitNumbers(values, column.name, metric), values };
  }
  const strings = asStrings(column);
  const spelled = (text: string) => (column.kind === 'number' ? (spellings[text] ?? text) : text);
  const present = new Set(Array.from(strings.codes, (code) => spelled(strings.dictionary[code]!)));
  const classes = sortClasses([...present]);
  if (classes.length < 2)
    throw new RangeError(`The target ${column.name} has only one class: there is nothing to predict.`);
  if (classes.length === strings.codes.length)
    throw new RangeError(
      `The target ${column.name} has another value in every row: an identifier or free text is no class to predict.`,
    );
  const plan: ClassTarget = { problem: classes.length === 2 ? 'binary' : 'multiclass', classes };
  return { plan, values: encodeClasses(plan, column) };
}

/** Class indices of a column; -1 for classes the plan does not know. Numbers are classes by value, however spelled. */
export function encodeClasses(plan: ClassTarget, column: TableColumn): Float64Array {
  const strings = asStrings(column);
  const keyOf = (name: string) => (column.kind === 'number' ? String(Number(name)) : name);
  const index = new Map(plan.classes.map((name, i) => [keyOf(name), i]));
  const table = strings.dictionary.map((text) => index.get(text) ?? -1);
  return Float64Array.from(strings.codes, (code) => (code < 0 ? -1 : table[code]!));
}

function sortClasses(classes: string[]): string[] {
  const numbers = classes.every((text) => text.trim() !== '' && Number.isFinite(Number(text)));
  return classes.sort((a, b) => (numbers ? Number(a) - Number(b) : 0) || (a < b ? -1 : 1));
}

function moments(values: Float64Array): Scale & { skew: number; min: number; max: number } {
  const n = values.length;
  let mean = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    mean += value / n;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  let second = 0;
  let third = 0;
  for (const value of values) {
    second += (value - mean) ** 2 / n;
    third += (value - mean) ** 3 / n;
  }
  const deviation = Math.sqrt(second);
  return { mean, deviation, skew: deviation > 0 ? third / deviation ** 3 : 0, min, max };
}

function fitNumbers(values: Float64Array, name: string, metric: MetricName | undefined): NumberTarget {
  const { mean, deviation, skew, min, max } = moments(values);
  if (!(max > min)) throw new RangeError(`The target ${name} is ${min} in every row: there is nothing to predict.`);
  const margin = 0.05 * (max - min);
  const low = min >= 0 ? Math.max(0, min - margin) : min - margin;
  let log: NumberTarget['log'] = null;
  if (min >= 0 && (skew > 1 || proportional.includes(metric))) {
    const logs = moments(values.map((value) => Math.log1p(value)));
    const edge = 0.05 * (logs.max - logs.min);
    log = { mean: logs.mean, deviation: logs.deviation, low: Math.max(0, logs.min - edge), high: logs.max + edge };
  }
  return { problem: 'regression', mean, deviation, low, high: max + margin, log };
}

/** What learners get: class indices, or the target standardised on the given scale. */
export function learnerTarget(plan: TargetPlan, values: Float64Array, scale: TargetScale = 'plain'): Target {
  if (plan.problem !== 'regression') {
    return { problem: plan.problem, classes: plan.classes.length, values: Float32Array.from(values) };
  }
  const standardised = new Float32Array(values.length);
  const { log } = plan;
  const use = scale === 'log' && log ? log : plan;
  for (let i = 0; i < values.length; i++) {
    const value = use === log ? Math.log1p(values[i]!) : values[i]!;
    standardised[i] = (value - use.mean) / use.deviation;
  }
  const zero = use === plan && plan.low >= 0 ? { zero: -plan.mean / plan.deviation } : {};
  return { problem: 'regression', classes: 1, values: standardised, ...zero };
}

/** Predictions standardised on the log scale, as standardised on the plain scale. Classification passes through. */
export function toPlainScale(plan: TargetPlan, predictions: Float32Array, scale: TargetScale): Float32Array {
  if (plan.problem !== 'regression' || scale === 'plain' || !plan.log) return predictions;
  const { log, mean, deviation } = plan;
  return predictions.map((z) => {
    const y = Math.min(Math.max(z * log.deviation + log.mean, log.low), log.high);
    return (Math.expm1(y) - mean) / deviation;
  });
}

/** Plain standardised predictions in the user's units, within range; probabilities pass through as they are. */
export function inUnits(plan: TargetPlan, predictions: Float32Array): Float32Array | Float64Array {
  if (plan.problem !== 'regression') return predictions;
  return Float64Array.from(predictions, (z) => Math.min(Math.max(z * plan.deviation + plan.mean, plan.low), plan.high));
}
