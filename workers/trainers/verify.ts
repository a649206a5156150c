/** Runs an exported file on the golden rows in one runtime and compares with the trainer. */
import type { GoldenRow, ModelMetadata, Verification } from '#core/contracts/result.ts';
import type { Runtime, Session } from '#core/contracts/runtime.ts';
import { compareOutputs, type Difference, rawOutputs } from '#core/serve/agreement.ts';
import { makeFeeds } from '#core/serve/feeds.ts';
import { readPredictions } from '#core/serve/predictions.ts';

export interface Verified extends Verification {
  readonly differences: readonly Difference[];
}

/** Runs the golden rows through an open session; what goes wrong fails the verification, it never throws. */
export async function verifySession(
  name: string,
  session: Session,
  metadata: ModelMetadata,
  rows: readonly GoldenRow[],
): Promise<Verified> {
  try {
    const { tensors } = makeFeeds(metadata.columns, rows.length, (row, input) => rows[row]?.inputs[input]);
    const outputs = rawOutputs(readPredictions(metadata, await session.run(tensors)));
    return { runtime: name, ...compareOutputs(rows, outputs, metadata.classes) };
  } catch (error) {
    return broken(name, rows, error);
  }
}

/** A file that the runtime does not load fails the verification too. */
export async function verifyModel(
  runtime: Runtime,
  model: Uint8Array,
  metadata: ModelMetadata,
  rows: readonly GoldenRow[],
): Promise<Verified> {
  let session: Session;
  try {
    session = await runtime.createSession(model);
  } catch (error) {
    return broken(runtime.name, rows, error);
  }
  const verified = await verifySession(runtime.name, session, metadata, rows);
  await session.dispose();
  return verified;
}

function broken(runtime: string, rows: readonly GoldenRow[], error: unknown): Verified {
  const got = (error instanceof Error ? error.message : String(error)).slice(0, 300);
  const differences = [{ row: 0, output: 'run', expected: 'outputs', got }];
  return { runtime, rows: rows.length, maxAbsDiff: 1e9, labelFlips: rows.length, pass: false, differences };
}
