/** One loaded model: rows in, predictions out. Runs inside the worker; knows no messages. */
import type { ModelMetadata } from '#core/contracts/result.ts';
import type { Session } from '#core/contracts/runtime.ts';
import { type CellReader, makeFeeds, type RawValue, type UnreadableCell } from '#core/serve/feeds.ts';
import { type Predictions, readPredictions } from '#core/serve/predictions.ts';

/** Cells by graph input; an input that is left out is missing. */
export type RawRow = Readonly<Record<string, RawValue>>;

export interface Predictor {
  readonly metadata: ModelMetadata;
  predict(rows: number, read: CellReader): Promise<{ predictions: Predictions; unreadable: readonly UnreadableCell[] }>;
}

export function makePredictor(session: Session, metadata: ModelMetadata): Predictor {
  return {
    metadata,
    async predict(rows, read) {
      const { tensors, unreadable } = makeFeeds(metadata.columns, rows, read);
      return { predictions: readPredictions(metadata, await session.run(tensors)), unreadable };
    },
  };
}

/** A reader over rows that are already in memory. */
export const readerOf =
  (rows: readonly RawRow[]): CellReader =>
  (row, input) =>
    rows[row]?.[input];
