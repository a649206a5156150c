/** Predicts an uploaded file, in a child process. */
import { readFile, stat } from 'node:fs/promises';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';
import { csvToParquet, predictionText, type RowsFile, readRows, writePredictions } from './predict-table.ts';

export interface PredictInput {
  readonly modelPath: string;
  readonly file: RowsFile;
  readonly format: 'csv' | 'parquet';
  /** For files on the way. */
  readonly folder: string;
  /** Where the predictions go. */
  readonly outPath: string;
}

export interface PredictResult {
  readonly rows: number;
  readonly bytes: number;
  /** What was taken as missing, in plain words. */
  readonly notes: readonly string[];
}

const namedColumns = 20;

export async function predictTask(input: PredictInput, context: TaskContext): Promise<PredictResult> {
  const model = await readFile(input.modelPath);
  const metadata = readModelMetadata(model);
  const { parquetPath, rows, absent } = await readRows(input.file, metadata, input.folder);
  const session = await nodeRuntime.createSession(model);
  try {
    const csvPath = input.format === 'csv' ? input.outPath : `${input.outPath}.csv`;
    const text = predictionText(session, metadata, parquetPath, (done) => context.progress({ rows: done }));
    await writePredictions(csvPath, text);
    if (input.format === 'parquet') await csvToParquet(csvPath, input.outPath, metadata);
  } finally {
    await session.dispose();
  }
  const shown = absent.slice(0, namedColumns).join(', ');
  const notes =
    absent.length > 0
      ? [
          `The file lacks ${absent.length} of the model's columns, which count as missing: ${shown}${absent.length > namedColumns ? ', …' : ''}.`,
        ]
      : [];
  return { rows, bytes: (await stat(input.outPath)).size, notes };
}
