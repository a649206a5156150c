/** Permutation importance (Breiman 2001) through the exported file itself, on raw columns. */
import type { ModelMetadata } from '#core/contracts/result.ts';
import type { Session } from '#core/contracts/runtime.ts';
import type { MetricName } from '#core/contracts/task.ts';
import type { Report } from '#core/contracts/views.ts';
import { Random } from '#core/math/random.ts';
import { evaluateMetric, lossOf } from '#core/metrics/evaluate.ts';
import type { MetricTask } from '#core/metrics/types.ts';
import { type Table, type TableColumn, takeRows } from '#core/prep/table.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { predictFile } from './test-score.ts';

const repeats = 3;

function shuffled(column: TableColumn, order: Int32Array): TableColumn {
  const taken = takeRows({ rows: order.length, columns: [column] }, order).columns[0];
  return taken as TableColumn;
}

/**
 * How much worse the metric gets when one column is shuffled, mean and range over three shuffles. Columns that the
 * model does not use are left out. Stops at `deadline` (`Date.now()`); the note then says so.
 */
export async function measureImportance(
  prepared: Prepared,
  session: Session,
  metadata: ModelMetadata,
  options: { metric: MetricName; task: MetricTask; seed: number; deadline: number },
): Promise<{ importance: Report['importance']; note: string | null }> {
  const { sample, sampleRows, preparation } = prepared;
  const used = preparation.columns.filter((plan) => plan.kind !== 'unused').map((plan) => plan.name);
  const columns = sample.columns.filter((column) => used.includes(column.name));
  if (columns.length === 0 || Date.now() > options.deadline)
    return { importance: [], note: 'There was no time left to measure it.' };
  const targets = Float64Array.from(sampleRows, (row) => prepared.targetValues[row] as number);
  const loss = async (table: Table, rows: number) => {
    const { predictions } = await predictFile(prepared, session, metadata, table);
    return lossOf(options.metric, evaluateMetric(options.metric, options.task, targets.subarray(0, rows), predictions));
  };
  const began = performance.now();
  let rows = sample.rows;
  let base = await loss(sample, rows);
  // As many rows as let all columns finish in time, but no fewer than 100.
  const once = performance.now() - began;
  const affordable = (options.deadline - Date.now()) / (once * columns.length * repeats);
  let table = sample;
  if (affordable < 1 && rows > 100) {
    rows = Math.max(100, Math.floor(rows * affordable));
    table = takeRows(
      sample,
      Int32Array.from({ length: rows }, (_, i) => i),
    );
    base = await loss(table, rows);
  }
  const random = new Random(options.seed);
  const found: Report['importance'][number][] = [];
  for (const column of columns) {
    if (Date.now() > options.deadline) break;
    const drops: number[] = [];
    for (let r = 0; r < repeats; r++) {
      const order = random.shuffle(Int32Array.from({ length: rows }, (_, i) => i));
      const changed = { rows, columns: table.columns.map((c) => (c.name === column.name ? shuffled(c, order) : c)) };
      drops.push((await loss(changed, rows)) - base);
    }
    const value = drops.reduce((sum, drop) => sum + drop, 0) / drops.length;
    if (drops.every(Number.isFinite))
      found.push({ column: column.name, value, low: Math.min(...drops), high: Math.max(...drops) });
  }
  found.sort((a, b) => b.value - a.value);
  const missing = columns.length - found.length;
  const note = missing > 0 ? `Time allowed to measure ${found.length} of ${columns.length} columns.` : null;
  return { importance: found, note };
}
