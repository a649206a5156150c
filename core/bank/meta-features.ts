/** A task in numbers, comparable between tables: size, kinds of columns, classes, shape of the data, cheap landmarks. */
import type { Profile } from '../contracts/dataset.ts';
import type { TaskKind } from '../contracts/task.ts';
import type { BagTask } from '../learners/bag.ts';
import { argsort } from '../math/sort.ts';

/** Rows that the statistics look at. */
const SAMPLE = 5000;

export type MetaFeatures = Readonly<Record<string, number>>;

/** Meta-features of a prepared task; every value is finite. */
export function metaFeatures(task: BagTask): MetaFeatures {
  const { features, target, values } = task;
  const numeric = features.numericNames.length;
  const categorical = features.categoricalNames.length;
  const classes = target.problem === 'regression' ? 1 : target.classes.length;
  const step = Math.max(1, Math.floor(features.rows / SAMPLE));
  const rows = Int32Array.from({ length: Math.floor(features.rows / step) }, (_, i) => i * step);
  const labels = Float64Array.from(rows, (row) => values[row]!);
  const columns = Array.from({ length: numeric }, (_, j) =>
    columnFacts(features.numeric, j * features.rows, rows, labels, classes),
  );
  const missingCodes = features.codes.length
    ? features.codes.reduce((sum, code) => sum + (code === 0 ? 1 : 0), 0) / features.codes.length
    : 0;
  const missingNumbers = mean(columns.map((c) => c.missing));
  const shares = classShares(labels, classes);
  const raw: Record<string, number> = {
    logRows: Math.log10(features.rows),
    logColumns: Math.log10(1 + numeric + categorical),
    rowsPerColumn: Math.log10(features.rows / Math.max(1, numeric + categorical)),
    categoricalShare: categorical / Math.max(1, numeric + categorical),
    logCardinality: Math.log10(1 + Math.max(0, ...features.cardinalities)),
    missingShare: (missingNumbers * numeric + missingCodes * categorical) / Math.max(1, numeric + categorical),
    regression: classes === 1 ? 1 : 0,
    logClasses: Math.log10(classes),
    classEntropy: classes > 1 ? entropy(shares) / Math.log(classes) : 1,
    minorityShare: classes > 1 ? Math.min(...shares) * classes : 1,
    targetSkew: classes === 1 ? Math.tanh(skewness(labels) / 3) : 0,
    meanSkew: mean(columns.map((c) => c.skew)),
    meanDistinct: mean(columns.map((c) => c.distinct)),
    meanLink: mean(columns.map((c) => c.link)),
    maxLink: Math.max(0, ...columns.map((c) => c.link)),
  };
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, Number.isFinite(value) ? value : 0]));
}

/** Those that a profile tells without reading the table; the others are left out. */
export function profileFeatures(profile: Profile, target: string, kind: TaskKind): MetaFeatures {
  const used = profile.columns.filter(({ name, type }) => name !== target && type !== 'ignore');
  const columns = Math.max(1, used.length);
  const rows = Math.max(1, profile.rows);
  const categorical = used.filter(({ type }) => type !== 'number').length;
  const missing = used.reduce((sum, column) => sum + column.missing, 0);
  const classes = profile.columns.find(({ name }) => name === target)?.distinct ?? 1;
  return {
    logRows: Math.log10(rows),
    logColumns: Math.log10(1 + used.length),
    rowsPerColumn: Math.log10(rows / columns),
    categoricalShare: categorical / columns,
    missingShare: missing / (rows * columns),
    regression: kind === 'regression' ? 1 : 0,
    logClasses: kind === 'regression' ? 0 : Math.log10(Math.max(1, classes)),
  };
}

const mean = (values: readonly number[]): number =>
  values.length ? values.reduce((a, b) => a + b, 0) / values.length : 0;

function classShares(labels: Float64Array, classes: number): number[] {
  const counts = new Array<number>(Math.max(classes, 1)).fill(0);
  if (classes > 1) for (const y of labels) counts[y]! += 1 / labels.length;
  return counts;
}

const entropy = (shares: readonly number[]): number =>
  -shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);

function skewness(values: ArrayLike<number>): number {
  const n = values.length;
  let first = 0;
  for (let i = 0; i < n; i++) first += values[i]! / n;
  let second = 0;
  let third = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - first;
    second += (d * d) / n;
    third += (d * d * d) / n;
  }
  return second > 0 ? third / second ** 1.5 : 0;
}

/** Share missing, tame skewness, share of distinct values, and the link with the target (a one-column landmark). */
function columnFacts(numeric: Float32Array, start: number, rows: Int32Array, labels: Float64Array, classes: number) {
  const values = Float32Array.from(rows, (row) => numeric[start + row]!);
  const order = argsort(values);
  let n = values.length;
  while (n > 0 && Number.isNaN(values[order[n - 1]!]!)) n--;
  const present = Float64Array.from(order.subarray(0, n), (i) => values[i]!);
  let distinct = n > 0 ? 1 : 0;
  for (let i = 1; i < n; i++) if (present[i] !== present[i - 1]) distinct++;
  return {
    missing: values.length ? 1 - n / values.length : 0,
    skew: Math.abs(Math.tanh(skewness(present) / 3)),
    distinct: n ? distinct / n : 0,
    link: linkOf(order.subarray(0, n), labels, classes),
  };
}

/** Share of the target's variance (of class indicators, for classes) that ten bins of the column explain. */
function linkOf(order: Int32Array, labels: Float64Array, classes: number): number {
  const n = order.length;
  if (n < 20) return 0;
  let explained = 0;
  let total = 0;
  for (let c = 0; c < Math.max(classes, 1); c++) {
    const value = (i: number) => (classes > 1 ? (labels[order[i]!] === c ? 1 : 0) : labels[order[i]!]!);
    let sum = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      sum += value(i);
      square += value(i) ** 2;
    }
    total += square - (sum * sum) / n;
    for (let bin = 0; bin < 10; bin++) {
      const from = Math.floor((bin * n) / 10);
      const to = Math.floor(((bin + 1) * n) / 10);
      let part = 0;
      for (let i = from; i < to; i++) part += value(i);
      explained += (part * part) / (to - from);
    }
    explained -= (sum * sum) / n;
  }
  return total > 0 ? explained / total : 0;
}
