/** Looks into a finished model: where its predictions are worse than elsewhere, and what its columns do to them. */
import { readFile, writeFile } from 'node:fs/promises';
import type { InsightReport } from '#core/contracts/insights.ts';
import { CancelledError } from '#core/contracts/learner.ts';
import type { Report } from '#core/contracts/views.ts';
import { type Cells, playersOf } from '#core/explain/columns.ts';
import { summariseEffects } from '#core/explain/summary.ts';
import { coveredRows } from '#core/learners/bag.ts';
import { rowOf } from '#core/prep/table.ts';
import { makeFeeds } from '#core/serve/feeds.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { readPredictions } from '#core/serve/predictions.ts';
import { sliceTask } from '#core/slices/task.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';
import { unpackOutOfFold } from './out-of-fold.ts';
import { loadPrepared } from './prepared.ts';

export interface InsightsInput {
  readonly preparedPath: string;
  readonly outOfFoldPath: string;
  readonly modelPath: string;
  readonly reportPath: string;
  readonly seed: number;
  /** For explaining rows; slices take little. */
  readonly seconds: number;
  /** Where insights.json goes. */
  readonly insightsPath: string;
}

export interface InsightsResult {
  readonly tested: number;
  readonly slices: number;
  readonly explained: number;
}

/** Rows to explain, each against so many others: the mean of 200 is known to within a tenth. */
const explained = 200;
const background = 16;
/** Of a wide table few rows are predicted at once. */
const mostCells = 200_000;

export async function insightsTask(input: InsightsInput, context: TaskContext): Promise<InsightsResult> {
  const prepared = await loadPrepared(input.preparedPath);
  const { predictions, decision } = unpackOutOfFold(await readFile(input.outOfFoldPath));
  const { metric, importance } = JSON.parse(await readFile(input.reportPath, 'utf8')) as Report;
  const { seed } = input;
  const slices = sliceTask(prepared, coveredRows(prepared.folds), predictions, { metric, decision, seed });
  await context.breathe();

  const end = Date.now() + 1000 * input.seconds;
  const model = await readFile(input.modelPath);
  const metadata = readModelMetadata(model);
  const session = await nodeRuntime.createSession(model);
  try {
    const { columns } = metadata;
    const sample = Array.from({ length: prepared.sample.rows }, (_, row): Cells => {
      const cells = rowOf(prepared.sample, row);
      return Object.fromEntries(columns.map((column) => [column.input, cells[column.name]]));
    });
    const players = playersOf(
      columns,
      importance.map(({ column }) => column),
    );
    const batch = Math.max(8, Math.min(512, Math.floor(mostCells / columns.length)));
    const effects = await summariseEffects(
      metadata,
      sample,
      players,
      async (rows, read) => {
        await context.breathe();
        if (context.cancelled()) throw new CancelledError();
        return readPredictions(metadata, await session.run(makeFeeds(columns, rows, read).tensors));
      },
      { seed, rows: explained, background, batch, stop: () => Date.now() > end },
    );
    const report: InsightReport = { schema: 'warmstart.insights/1', slices, effects };
    await writeFile(input.insightsPath, JSON.stringify(report));
    return { tested: slices.tested, slices: slices.slices.length, explained: effects.rows };
  } finally {
    await session.dispose();
  }
}
