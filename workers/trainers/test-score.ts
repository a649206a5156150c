/** Reads the sealed test, once, through the exported file itself. */
import type { ModelMetadata, Score } from '#core/contracts/result.ts';
import type { Session } from '#core/contracts/runtime.ts';
import type { MetricName } from '#core/contracts/task.ts';
import { Random } from '#core/math/random.ts';
import { bootstrapInterval } from '#core/metrics/bootstrap.ts';
import { metricEvaluator } from '#core/metrics/evaluate.ts';
import type { MetricTask } from '#core/metrics/types.ts';
import { feedsOf } from '#core/prep/feeds.ts';
import { asNumbers, findColumn, type Table, takeRows } from '#core/prep/table.ts';
import { readPredictions } from '#core/serve/predictions.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { encodeClasses, rowsWithTarget } from '#core/tasks/target.ts';

const batch = 2000;

export interface Scored {
  readonly score: Score;
  readonly task: MetricTask;
  /** Class indices, or values in the user's units, of the scored rows. */
  readonly targets: Float64Array;
  /** Row-major probabilities, or values in the user's units. */
  readonly predictions: Float32Array;
  /** Bounds of the values, in the user's units, where the model gives intervals. */
  readonly bounds: { readonly lower: Float32Array; readonly upper: Float32Array } | null;
  /** Milliseconds per row in batches. */
  readonly rowMs: number;
  readonly notes: readonly string[];
}

/** Predictions of the file for all rows of `table`, in batches; stops early when `stop` says so. */
export async function predictFile(
  prepared: Prepared,
  session: Session,
  metadata: ModelMetadata,
  table: Table,
  stop: (rows: number) => boolean = () => false,
): Promise<Pick<Scored, 'predictions' | 'bounds'> & { rows: number }> {
  const width = metadata.classes?.length ?? 1;
  const predictions = new Float32Array(table.rows * width);
  const lower = new Float32Array(metadata.conformal?.method ? table.rows : 0);
  const upper = new Float32Array(lower.length);
  let at = 0;
  while (at < table.rows && !(at > 0 && stop(at))) {
    const end = Math.min(table.rows, at + batch);
    const part = takeRows(
      table,
      Int32Array.from({ length: end - at }, (_, i) => at + i),
    );
    const outputs = readPredictions(metadata, await session.run(feedsOf(prepared.preparation, part)));
    predictions.set(outputs.kind === 'regression' ? outputs.values : outputs.probabilities, at * width);
    if (lower.length > 0 && outputs.kind === 'regression' && outputs.lower && outputs.upper) {
      lower.set(outputs.lower, at);
      upper.set(outputs.upper, at);
    }
    at = end;
  }
  const bounds = lower.length > 0 ? { lower: lower.subarray(0, at), upper: upper.subarray(0, at) } : null;
  return { predictions: predictions.subarray(0, at * width), bounds, rows: at };
}

/**
 * Scores the test rows that have a known target. Rows are taken in random order, so that what was scored when
 * `stop`, asked with the rows so far, ended it is a fair sample; `score.rows` says how many.
 * @returns null when no test row has a target
 */
export async function scoreTest(
  prepared: Prepared,
  session: Session,
  metadata: ModelMetadata,
  test: Table,
  options: { metric: MetricName; decision: readonly number[] | null; seed: number; stop: (rows: number) => boolean },
): Promise<Scored | null> {
  const column = findColumn(test, metadata.target);
  if (!column) return null;
  const { target } = prepared;
  const present = rowsWithTarget(column);
  const encoded = target.problem === 'regression' ? asNumbers(column) : encodeClasses(target, column);
  const known = Array.from(present).filter((row) => target.problem === 'regression' || (encoded[row] as number) >= 0);
  if (known.length === 0) return null;
  const order = new Random(options.seed).shuffle(Int32Array.from(known));
  const began = performance.now();
  const table = takeRows(test, order);
  const { predictions, bounds, rows } = await predictFile(prepared, session, metadata, table, options.stop);
  const rowMs = (performance.now() - began) / rows;
  const targets = Float64Array.from(order.subarray(0, rows), (row) => encoded[row] as number);
  const task: MetricTask = {
    problem: target.problem,
    classes: target.problem === 'regression' ? 1 : target.classes.length,
    ...(prepared.positive === null ? {} : { positive: prepared.positive }),
    ...(target.problem !== 'regression' && target.costs ? { costs: target.costs } : {}),
    ...(options.decision ? { decision: options.decision } : {}),
  };
  const evaluate = metricEvaluator(options.metric, task, targets, predictions);
  const value = evaluate();
  const { low, high } = bootstrapInterval(evaluate, rows, { seed: options.seed });
  const notes: string[] = [];
  const dropped = present.length - known.length;
  if (dropped > 0)
    notes.push(`${dropped} test rows have a class that no training row has; they are left out of the score.`);
  if (rows < known.length) notes.push(`Time allowed to score ${rows} of ${known.length} test rows, taken at random.`);
  const finite = (x: number) => (Number.isFinite(x) ? x : value);
  return {
    score: { value, low: finite(low), high: finite(high), rows },
    task,
    targets,
    predictions,
    bounds,
    rowMs,
    notes,
  };
}
