/** Real and synthetic tables in the form learners take, for benches that time training alone. */
import { readFileSync } from 'node:fs';
import type { Features, Problem, Target } from '#core/contracts/learner.ts';
import { Random } from '#core/math/random.ts';
import { parseCsv } from '../lib/csv.ts';
import type { BenchSet } from '../lib/sets.ts';

export interface BenchTable {
  readonly name: string;
  readonly features: Features;
  readonly target: Target;
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
  /** What the target was divided by, 1 for classes. */
  readonly scale: number;
}

const isMissing = (cell: string) => cell === '' || cell === '?' || cell === 'NA';

/** Reads a set's train and test file. Categories seen once become code 1. */
export function readBenchTable(set: BenchSet): BenchTable {
  const train = parseCsv(readFileSync(set.train, 'utf8'));
  const test = parseCsv(readFileSync(set.test, 'utf8'));
  const cells = [...train.rows, ...test.rows];
  const rows = cells.length;
  const targetAt = train.header.indexOf(set.target);
  const numericNames: string[] = [];
  const categoricalNames: string[] = [];
  const numeric: Float32Array[] = [];
  const codes: Int32Array[] = [];
  const cardinalities: number[] = [];
  train.header.forEach((column, at) => {
    if (at === targetAt) return;
    if (train.rows.every((row) => isMissing(row[at]!) || Number.isFinite(Number(row[at])))) {
      numericNames.push(column);
      numeric.push(Float32Array.from(cells, (row) => (isMissing(row[at]!) ? Number.NaN : Number(row[at]))));
      return;
    }
    const counts = new Map<string, number>();
    for (const row of train.rows) if (!isMissing(row[at]!)) counts.set(row[at]!, (counts.get(row[at]!) ?? 0) + 1);
    const known = [...counts].filter(([, n]) => n > 1).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const codeOf = new Map(known.map(([value], i) => [value, i + 2]));
    categoricalNames.push(column);
    cardinalities.push(known.length + 2);
    codes.push(Int32Array.from(cells, (row) => (isMissing(row[at]!) ? 0 : (codeOf.get(row[at]!) ?? 1))));
  });
  const features: Features = {
    rows,
    numericNames,
    categoricalNames,
    cardinalities,
    numeric: joinColumns(numeric, rows, (n) => new Float32Array(n)),
    codes: joinColumns(codes, rows, (n) => new Int32Array(n)),
  };
  const trainRows = Int32Array.from({ length: train.rows.length }, (_, i) => i);
  const testRows = Int32Array.from({ length: test.rows.length }, (_, i) => train.rows.length + i);
  const raw = cells.map((row) => row[targetAt]!);
  return { name: set.name, features, trainRows, testRows, ...encodeTarget(set.task, raw, trainRows) };
}

function joinColumns<T extends Float32Array | Int32Array>(
  columns: readonly T[],
  rows: number,
  make: (n: number) => T,
): T {
  const joined = make(columns.length * rows);
  columns.forEach((column, j) => {
    joined.set(column, j * rows);
  });
  return joined;
}

function encodeTarget(task: string, raw: readonly string[], trainRows: Int32Array): { target: Target; scale: number } {
  if (task === 'regression') {
    const known = Array.from(trainRows, (row) => Number(raw[row]));
    const mean = known.reduce((a, b) => a + b, 0) / known.length;
    const scale = Math.sqrt(known.reduce((a, b) => a + (b - mean) ** 2, 0) / known.length);
    return {
      scale,
      target: {
        problem: 'regression',
        classes: 1,
        values: Float32Array.from(raw, (text) => (Number(text) - mean) / scale),
      },
    };
  }
  const labels = [...new Set(raw)].sort();
  const problem: Problem = labels.length === 2 ? 'binary' : 'multiclass';
  const values = Float32Array.from(raw, (text) => labels.indexOf(text));
  return { scale: 1, target: { problem, classes: labels.length, values } };
}

/** A table with interactions and noise: normal columns, binary target. The last fifth are test rows. */
export function syntheticTable(rows: number, width: number, seed: number): BenchTable {
  const random = new Random(seed);
  const numeric = new Float32Array(rows * width);
  for (let i = 0; i < numeric.length; i++) numeric[i] = random.normal();
  const values = new Float32Array(rows);
  const at = (row: number, column: number) => numeric[column * rows + row]!;
  for (let row = 0; row < rows; row++) {
    const a = at(row, 0) * at(row, 1) + Math.sin(2 * at(row, 2)) + 0.7 * at(row, 3);
    const b = (at(row, 4) > 0 ? at(row, 5) : -at(row, 6)) + 0.3 * at(row, 7) ** 2 - 0.3;
    values[row] = random.uniform() < 1 / (1 + Math.exp(-(a + b))) ? 1 : 0;
  }
  const split = Math.floor(rows * 0.8);
  return {
    name: `synthetic-${rows}x${width}`,
    scale: 1,
    features: {
      rows,
      numericNames: Array.from({ length: width }, (_, j) => `x${j}`),
      numeric,
      categoricalNames: [],
      cardinalities: [],
      codes: new Int32Array(0),
    },
    target: { problem: 'binary', classes: 2, values },
    trainRows: Int32Array.from({ length: split }, (_, i) => i),
    testRows: Int32Array.from({ length: rows - split }, (_, i) => split + i),
  };
}

/** Part of the training rows held out for early stopping, stratified by nothing: a seeded shuffle. */
export function holdOut(rows: Int32Array, share: number, seed: number): { fit: Int32Array; stop: Int32Array } {
  const mixed = new Random(seed).shuffle(rows.slice());
  const cut = Math.round(rows.length * share);
  return { stop: mixed.slice(0, cut).sort(), fit: mixed.slice(cut).sort() };
}
