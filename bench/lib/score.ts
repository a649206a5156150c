/** Scores a predictions.csv against the test file's own target column, with the product's metrics. */
import { readFileSync } from 'node:fs';
import { evaluateMetric } from '#core/metrics/evaluate.ts';
import { parseCsv } from './csv.ts';
import type { BenchSet } from './sets.ts';

/**
 * @param predictionsFile in the layout of CONTRACTS.md: `prediction`, then `probability_<class>` per class
 * @returns score of the set's metric
 * @throws Error when rows are missing or a class has no probability column
 */
export function scorePredictions(set: BenchSet, predictionsFile: string): number {
  const truth = columnOf(parseCsv(readFileSync(set.test, 'utf8')), set.target);
  const predictions = parseCsv(readFileSync(predictionsFile, 'utf8'));
  const rows = predictions.rows.length;
  if (rows !== truth.length) throw new Error(`${rows} predictions for ${truth.length} test rows`);
  if (set.task === 'regression') {
    return evaluateMetric(
      set.metric,
      { problem: 'regression', classes: 1 },
      Float32Array.from(truth, Number),
      Float32Array.from(columnOf(predictions, 'prediction'), Number),
    );
  }
  const prefix = 'probability_';
  const columns = predictions.header.map((name, i) => ({ name, i })).filter(({ name }) => name.startsWith(prefix));
  const classes = columns.map(({ name }) => name.slice(prefix.length));
  const codes = Float32Array.from(truth, (label) => classes.indexOf(label));
  if (codes.some((code) => code < 0))
    throw new Error(`the test file has a class that no probability column names (${classes.join(', ')})`);
  const probabilities = new Float32Array(rows * classes.length);
  predictions.rows.forEach((row, r) => {
    columns.forEach(({ i }, c) => {
      probabilities[r * classes.length + c] = Number(row[i]);
    });
  });
  return evaluateMetric(
    set.metric,
    { problem: classes.length === 2 ? 'binary' : 'multiclass', classes: classes.length },
    codes,
    probabilities,
  );
}

function columnOf(table: ReturnType<typeof parseCsv>, name: string): string[] {
  const index = table.header.indexOf(name);
  if (index < 0) throw new Error(`no column "${name}"`);
  return table.rows.map((row) => row[index] ?? '');
}
