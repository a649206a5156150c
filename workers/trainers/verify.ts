/** Runs an exported file on the golden rows in one runtime and compares with the trainer. */
import type { GoldenRow, ModelMetadata, Verification } from '#core/contracts/result.ts';
import type { Runtime } from '#core/contracts/runtime.ts';
import { compareOutputs, type Difference, rawOutputs } from '#core/serve/agreement.ts';
import { makeFeeds } from '#core/serve/feeds.ts';
import { readPredictions } from '#core/serve/predictions.ts';

export interface Verified extends Verification {
  readonly differences: readonly Difference[];
}

/** A file that the runtime does not load or run fails the verification; it never throws. */
export async function verifyModel(
  runtime: Runtime,
  model: Uint8Array,
  metadata: ModelMetadata,
  rows: readonly GoldenRow[],
): Promise<Verified> {
  try {
    const session = await runtime.createSession(model);
    try {
      const { tensors } = makeFeeds(metadata.columns, rows.length, (row, input) => rows[row]?.inputs[input]);
      const outputs = rawOutputs(readPredictions(metadata, await session.run(tensors)));
      return { runtime: runtime.name, ...compareOutputs(rows, outputs, metadata.classes) };
    } finally {
      await session.dispose();
    }
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    const difference = { row: 0, output: 'run', expected: 'outputs', got: got.slice(0, 300) };
    return {
      runtime: runtime.name,
      rows: rows.length,
      maxAbsDiff: 1e9,
      labelFlips: rows.length,
      pass: false,
      differences: [difference],
    };
  }
}
