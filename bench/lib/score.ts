/** Scores a predictions.csv against the test file's own target column, with the product's metrics. */
import { readFileSync } from 'node:fs';
import { type MetricName, metricInfo, metricNames, type TaskKind } from '#core/contracts/task.ts';
import { evaluateMetric } from '#core/metrics/evaluate.ts';
import { parseCsv } from './csv.ts';
import type { BenchSet } from './sets.ts';

/**
 * @param predictionsFile in the layout of CONTRACTS.md: `prediction`, then `probability_<class>` per class
 * @returns every metric of the set's task that is defined on these rows
 * @throws Error when rows are missing or a class has no probability column
 */
export function scorePredictions(set: BenchSet, predictionsFile: string): Readonly<Record<string, number>> {
  const truth = columnOf(parseCsv(readFileSync(set.test, 'utf8')), set.target);
  const predictions = parseCsv(readFileSync(predictionsFile, 'utf8'));
  const rows = predictions.rows.length;
  if (rows !== truth.length) throw new Error(`${rows} predictions for ${truth.length} test rows`);
  if (set.task === 'regression') {
    const [actual, predicted] = [truth, columnOf(predictions, 'prediction')].map((c) => Float32Array.from(c, Number));
    return allMetrics(set, (metric) =>
      evaluateMetric(metric, { problem: 'regression', classes: 1 }, actual!, predicted!),
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
  const problem = classes.length === 2 ? 'binary' : 'multiclass';
  return allMetrics(set, (metric) =>
    evaluateMetric(metric, { problem, classes: classes.length }, codes, probabilities),
  );
}

/** A metric that is not defined here (a logarithm of a negative value, F1 of many classes) is left out, unless it is the set's own. */
function allMetrics(set: BenchSet, evaluate: (metric: MetricName) => number): Record<string, number> {
  const scores: Record<string, number> = {};
  for (const metric of metricNames) {
    if (!(metricInfo[metric].kinds as readonly TaskKind[]).includes(set.task)) continue;
    try {
      const score = evaluate(metric);
      if (Number.isFinite(score)) scores[metric] = score;
    } catch (error) {
      if (metric === set.metric) throw error;
    }
  }
  return scores;
}

function columnOf(table: ReturnType<typeof parseCsv>, name: string): string[] {
  const index = table.header.indexOf(name);
  if (index < 0) throw new Error(`no column "${name}"`);
  return table.rows.map((row) => row[index] ?? '');
}
