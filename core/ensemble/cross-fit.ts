/**
 * What an ensemble is worth on rows that had no say in its weights. Weights chosen from many candidates on few rows fit
 * the noise of those rows too, and the score on them promises more than new rows keep.
 */
import { Random } from '../math/random.ts';
import { blend } from './blend.ts';
import { everyClassIn, type SelectionInput, selectEnsemble } from './greedy.ts';
import { takePredictions } from './take-predictions.ts';

/** Rows below which the difference can be seen. */
export const CROSS_FIT_ROWS = 5000;
const PARTS = 5;

/**
 * Blended predictions of all rows of `input`, row-major: each fifth of the rows under the weights that the other four
 * choose, or under `weights` once `stop` says that time is up.
 * @param weights what all rows choose
 */
export function crossFitBlend(input: SelectionInput, weights: readonly number[]): Float32Array {
  const rows = input.targets.length;
  const blended = blend(input.members, weights);
  if (input.members.length === 1 || rows < 2 * PARTS) return blended;
  const width = blended.length / rows;
  const order = new Random(input.seed + 1).shuffle(Int32Array.from({ length: rows }, (_, i) => i));
  for (let part = 0; part < PARTS && !input.stop?.(); part++) {
    const inside = order.filter((_, i) => i % PARTS === part);
    const outside = order.filter((_, i) => i % PARTS !== part).sort();
    if (!everyClassIn(input, outside)) continue;
    const chosen = selectEnsemble({
      ...input,
      targets: Float64Array.from(outside, (row) => input.targets[row]!),
      members: input.members.map((member) => takePredictions(member, outside, width)),
    });
    const theirs = blend(input.members, chosen);
    for (const row of inside) blended.set(theirs.subarray(row * width, (row + 1) * width), row * width);
  }
  return blended;
}
