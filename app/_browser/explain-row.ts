/** What each column contributes to the prediction of one row, by the model itself, in batches. */
import { outputOf, type RowQuestion, rowGame } from '#core/explain/columns.ts';
import { type Explanation, explain } from '#core/explain/shapley.ts';
import type { Predictor } from './predictor.ts';

/** Rows predicted at once: about as long as a person may wait for the next keystroke's answer. */
const BATCH = 128;
/** Of a wide table fewer rows. */
const MOST_CELLS = 20_000;

class Cancelled extends Error {}

export interface ExplainHooks {
  /** Asked between batches. */
  readonly cancelled: () => boolean;
  /** Time is up: what is known so far is the answer. */
  readonly late: () => boolean;
  /** Lets messages in. */
  readonly breathe: () => Promise<void>;
}

/** @returns null where it was cancelled */
export async function explainRow(
  predictor: Predictor,
  question: RowQuestion,
  shown: number,
  { cancelled, late, breathe }: ExplainHooks,
): Promise<Explanation | null> {
  const batch = Math.max(1, Math.min(BATCH, Math.floor(MOST_CELLS / predictor.metadata.columns.length)));
  const game = rowGame(question, async (rows, read) => {
    await breathe();
    if (cancelled()) throw new Cancelled();
    const { predictions } = await predictor.predict(rows, read);
    return outputOf(predictions, shown);
  });
  try {
    return await explain(game, { seed: 1, batch, stop: late });
  } catch (error) {
    if (error instanceof Cancelled) return null;
    throw error;
  }
}
